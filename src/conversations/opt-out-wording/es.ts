import type { Wording } from '../opt-out-grammar.ts';

export const spanish: Wording = {
  language: 'es',
  apostrophe: 'join',
  glued: {
    before: '',
    after: 'melos melas melo mela noslo noslos me nos le los las les lo la',
    verbs: 'stop writing sending remove write send leave block switchOff arrive imperative',
  },
  fillers: `por favor, porfavor, porfa, porfis, plis, please, xfa, xfavor, x favor, x fa, pf, ya, se los ruego, se lo ruego, les pido que, les pido,
    te pido, les ruego, os pido, os ruego, agradeceria que, agradezco que, le agradeceria, hola, buenas, buenos dias, buenas tardes,
    buenas noches, gracias, muchas gracias, che, oye, oigan, oiga, wey, guey, amigo, amiga, señores, senores, bueno, mira, mire, miren,
    ah, ademas, tambien, ahora, de una vez, de una buena vez, por todas, por dios, inmediatamente, de inmediato, urgente, a partir de hoy,
    a partir de ahora, de ahora en adelante, en serio, la verdad, pues, realmente, simplemente, todo el tiempo, a cada rato, al cabo,
    con el debido respeto, otra vez, tio, tia, jaja, jajaja, entonces, de verdad, mejor, favor de, hagan el favor de,
    haz el favor de, haganme el favor de, hazme el favor de, cada rato, cada dia, todos los dias, diario, tanto`,
  words: {
    stop: `deja dejen dejad deje dejar dejes para paren parad parar pare parale parenle pararle cesen cese cesad cesar detengan deten detener
      detenga corten corta cortad cortar cortenla cortala acaben terminen termina frenen frena basta stop`,
    stopNow: `paren parad parar pare parale parenle pararle cesen cese cesad cesar detengan deten detener detenga corten corta cortad cortar
      cortenla cortala acaben terminen termina frenen frena dejen dejad basta`,
    imperative: 'para paren parad pare deja dejen dejad deje corten corta bajen',
    writing: `escribir escribiendo escrivir escrivirme contactar contactando molestar molestando molestandome fastidiar fastidiando
      hostigar hostigando acosar acosando joder jodiendo chingar chingando spamear spameando textear texteando wasapear whatsappear
      insistir insistiendo incordiar incordiando hinchar hinchando fregar fregando importunar importunando mensajear atosigar atosigando
      bombardear bombardeando agobiar perturbar cansar hacer`,
    write: `escriban escribas escriba escribais escrivan escrivas escriva escribaís contacten contactes contacte contacteis molesten
      molestes moleste molesteis fastidien fastidies hostiguen hostigues acosen acoses jodan jodas joda jodais chinguen chingues chingen spameen
      spamees texteen textees wasapeen insistan insistas incordien hinchen hinches frieguen friegues importunen mensajeen atosiguen
      bombardeen bombardeeis agobien atosigueis incordieis perturben busquen comuniquen`,
    sending: `mandar enviar mandando enviando mandr embiar reenviar remitir pasar pasando compartir publicitar enbiar ofrecer ofreciendo`,
    send: `manden mandes mande mandeis envien envies envie envieis embien enbien enbies embies remitan reenvien pasen compartan
      mandennos ofrezcan ofrezcas`,
    calling: 'llamar llamando',
    call: 'llamen llames llame llameis',
    arrive: 'lleguen llegue llegasen llegaran llegar llegando salgan',
    no: 'no nunca jamas ni tampoco nop n',
    me: 'me nos mi mis nosotros',
    again: 'vuelvan vuelvas vuelva volvais volver vuelven vuelves vuelve sigan sigas siga sigais seguir',
    number: 'numero numeros num nro nr telefono celular cel movil contacto contactos datos whatsapp wasap linea numerito',
    message: `mensaje mensajes mensajito mensajitos mensajes mjs msj msjs msg msgs sms wasap wasaps whatsapp whatsapps guasap guasaps
      oferta ofertas promo promos promocion promociones promocional promocionales cupon cupones cuponcitos descuento descuentos publicidad
      publicidades publi propaganda propagandas recordatorio recordatorios anuncio anuncios notificacion notificaciones newsletter
      newsletters boletin boletines spam comunicacion comunicaciones marketing campanas difusion difusiones comercial comerciales rebajas
      novedades alertas avisos remarketing ofertitas`,
    one: 'oferta cupon descuento promo promocion',
    other: `pedido pedidos orden ordenes paquete paquetes envio envios entrega entregas factura facturas recibo recibos cobro cobros cobrar
      cargo cargos pago pagos tarjeta tarjetas reembolso devolucion producto productos articulo articulos talla tallas direccion
      domicilio caja cajas seguro gimnasio plan cuenta clave contrasena azul verde rojo roja negro negra blanco blanca amarillo amarilla
      gris rosa morado morada marron naranja beige grande grandes chico chica pequeno pequena mediano mediana taza tazas camiseta vela velas
      zapatos fotos foto link enlace repartidor mensajero vecino esposa esposo marido mama papa hermana color colores modelo garantia
      ticket comprobante cafe revista espera muestras muestra dinero abono membresia servicio internet vestido bolsa cancion
      azules verdes rojos negros blancos vendedor internet luz gas`,
    want: 'quiero kiero qiero quisiera deseo desearia necesito interesa interesan interesado interesada gusta gustan queremos deseamos querer',
    receive: 'recibir resivir resibir recivir recibiendo ver leer tener obtener',
    agree: `autorizo autorice autorizado consiento consenti acepto acepte permiso consentimiento autorizacion pedi solicite suscribi inscribi
      registre permito permiti`,
    remove: `saca saque saquen sacad sacar sacan sacas quita quite quiten quitad quitar quitan quitas borra borre borren borrad borrar borran
      borras elimina elimine eliminen eliminad eliminar eliminan eliminas remueve remueva remuevan remover retira retire retiren retirad
      retirar excluyan excluye excluya excluir olviden olvida olvidad olvidense pierdan pierde suprima supriman suprimir baja bajen bajar
      descarten desechen tachen tacha sacame quitenle`,
    erase: `borra borre borren borrad borrar borran elimina elimine eliminen eliminad eliminar saca saquen saque sacad sacar quita quiten quite
      quitad quitar retiren remuevan excluyan supriman suprima`,
    list: 'lista listas base grupo difusion sistema registro registros ahi aca aqui alli agenda contactos bbdd directorio',
    giveMe: 'dame deme denme dadme darme denos dennos darnos',
    give: 'doy dan das damos den dais dar de da dad daban dieran',
    unsubscribe: `desuscribir desuscribirme desuscriban desuscribe desuscribirse desuscribanme desuscribeme desinscribir desinscribirme
      desinscribanme desafiliar desafiliarme desafilienme desapuntarme desapuntadme darse desvincularme desvinculen desuscripcion`,
    switchOff: `desactivar desactivo desactiven desactive desactiva desactivad apagar apago apaguen silenciar cancelar cancelen cancela cancelo
      cancele cancelad quitar quito quiten quita bloquear detener detengo anular anulen anulo parar paro eliminar elimino eliminen frenar
      suspender suspendan suspendo suspenda cortar corto`,
    leave: 'deja dejen dejad deje dejar dejan dejas dejes',
    block: 'bloqueo bloqueare bloquear bloqueamos bloquearemos bloqueando',
    denounce: 'denuncio denunciare denunciar reporto reportare reportar denuncia reporte denunciamos',
    them: 'los las les os te lo le a',
    fedUp: `harto harta hartos hartas cansado cansada cansados aburrido aburrida podrido podrida saturado saturada paso pasamos pesados
      pesado pesada pesadas molesta molesto molestos molestan cansan hartan agobian hasta cansinos`,
    nonsense: 'pelotas bolas huevos cojones paciencia guevos pija',
    loose: `mas nada nunca jamas otro otra otros otras vez de con por al a en mi mis este esta ese esa estos estas esos esas esto eso sus tus su
      tu vuestros vuestras vuestro vuestra tanta tantos tantas todo toda todos todas cosas cosa mierda mierdas basura basuras porquerias
      porqueria tonterias pendejadas mamadas weas pavadas boludeces ningun ninguna ningunas ningunos mucho muchos muchas dia dias cada
      numero telefono celular movil whatsapp wasap aca aqui tipo clase publicitario publicitarios spam dichosos dichosas malditos malditas
      pinches puto putos putas puta maldito informacion info uds ustedes usted nuevo nuevamente q ni la los las el`,
    break: `y e pero porque pq xq o si cuando aunque solo solamente unicamente yo es son no sino hasta salvo estoy soy tengo gracias ademas
      sobre ha he ya`,
  },
  clear: [
    // dejen de
    '<stop> <me>? de estar? <me>? <writing>',
    '<stop> <me>? de estar? <me>? <sending> .... <message>',
    '<stop> <me>? de estar? <me>? <sending> los|las|lo|melos|melas? _ $',
    '<stop> <me>? de estar? <me>? <sending> <me>',
    '<stop> le? con .... <message>',
    '<stopNow> le? _ <message>',
    '<stop> de <receive> .... <message>',
    '<stop> de <receive> los|las|esto|eso|lo _ $',
    '<stop> de dar la lata|brasa|vara|tabarra|matraca',
    // no me escriban
    '<no> mas? <me> <write>',
    '<no> mas? <me> estes|esten <writing>|<sending>',
    '<no> <write> mas|nunca|nada',
    '<no> <write> _ a|al <me>|este|esta <number>',
    '<no> <me>? <again> a? <me>? <writing>',
    '<no> <me>? <again> a? <me>? <sending> <me>? .... <message>',
    '<no> <me>? <again> a? <me>? <sending> <me>? _ $',
    '<no> mas? <me> <send> .... <message>',
    '<no> mas? <me> <send> los|las? _ $',
    '<no> <send> .... <message>',
    '<no> <send> mas nada _ $',
    '<no> <send> nada mas _ $',
    '<no> <me>? <arrive> .... <message>',
    '<no> <me>? <arrive> _ $',
    '<no> <writing> mas|a <me>?',
    '<no> <me>? rompan|rompas|toquen|hinchen .. <nonsense>',
    '<no> usen|uses|utilicen <me> <number>',
    // no quiero
    '<no> <me>? <want> _ <message>',
    '<no> <me>? <want> <receive> .... <message>',
    '<no> <me>? <receive> .... <message>',
    '<no> <me>? <want> _ que <me>? <send> .... <message>',
    '<no> <me>? <want> _ q|que <me> <write>|<send> _ $',
    '<no> <me>? <want> _ q|que <me> <write>',
    '<no> <want> saber _ de ustedes|uds|vosotros|vds|usted|nada',
    '<no> <agree> .... <message>',
    '<no> .. <agree> .... <message>',
    '<no> .. <agree> .. para|pa que|q .... <message>',
    '<no> mas|+ _ <message>',
    'basta|suficiente|suficientes de|con? _ <message>',
    'nada de _ <message>',
    'cero _ <message>',
    'revoco|revocar|retiro|retirar|revoque .. consentimiento|permiso|autorizacion',
    // la lista
    '<remove> <me> .. de .... <list>|<message>',
    '<me> .. <remove> .. de .... <list>',
    '<erase> <me> $',
    '<remove> <me>|este|el _ <number>',
    '<remove> de .. <list> $',
    'salir|salirme de .. <list>|<message>',
    '<giveMe> de? baja',
    '<want>|pueden|puede|puedes|podrian|podria|podeis|solicito|pido <giveMe>? .. baja $',
    '<me> dan|das|damos|den|dais|da|dar|dieran de? baja',
    'baja de .. <list>|<message>',
    'baja a|al? mi|este <number>',
    '<unsubscribe> <me>',
    '<unsubscribe> de .. <message>|<list>|esto|esta|todo',
    '<want> <unsubscribe> $',
    '<switchOff> _ <message>',
    // en paz
    '<leave> <me> .. paz|tranquilo|tranquila|tranquilos|vivir|molestar',
    '<me> <leave> .. paz|tranquilo|tranquila|tranquilos',
    'olvidense|olvidate|olvidaos de <me>',
    '<fedUp> .... de|con|por .... <message>',
    '<them> <block>|bloqueado',
    'voy|vamos a? <block> los|las|te|os',
    '<block> los|las|te|os|este|el|les',
    'y|o <block> $',
    '<denounce> .... spam|acoso',
  ],
  leaning: [
    '<no> <send> _ $',
    '<no> <want> nada _ de ustedes|uds|vosotros',
    '<no> <call> mas|nunca',
    '<no> mas? <me> <call> mas|nunca|de|otra',
    'como .. <me> doy .. baja $',
    'como .. <giveMe> .. baja $',
    'como <unsubscribe>',
    'como .. <switchOff> esto|eso|estos|esta _ $',
    'como .. salgo|salir|salirme de esto|aqui|aca|ahi|lista',
    'como .. <stop> esto|eso _ $',
    'si <me>? <again> a <me>? <writing>|<sending>',
    'solo|solamente|unicamente <write>|escriban|escribe|contacten|avisen|avisa <me>',
    'sin _ <message> _ $',
    'para q|que? tanto|tantos|tanta _ <message>',
    'demasiados|demasiadas|demasiado|muchos|tantos|tanto _ <message>',
    '<stop> de hacer lo',
    'quien les|os dio mi numero',
    'de donde sacaron|sacasteis mi numero',
    'cancelar|cancelen|cancela|anular <me>|la|esta suscripcion $',
    '<no> <me> interesan? $',
    '<unsubscribe> $',
    'eliminen|borren|eliminar|borrar mis datos',
  ],
  alone: [
    '^ <stopNow> le? _ $',
    '^ basta|suficiente|ya _ $',
    '^ <no> mas _ $',
    'estuvo bueno|bien',
    'esta bien $',
    'que pesados|pesadez|fastidio|cansinos|ladilla',
    'largo|larguense|vayanse|vete|fuera _ $',
    '<denounce> $',
    '<them> <denounce>',
    'esto es spam|acoso',
    'cortala|cortenla|aflojen|calmense|bajenle _ $',
  ],
  unclear: [
    '<no> mas? <me> <send>',
    '<no> mas? <me> <call>',
    '<giveMe> de? baja ....',
    '<stop> de estar? <me>? <sending>',
    '^ numero|persona equivocado|equivocada $',
  ],
  vetoes: [
    '<no> <me>? <stop>',
    '<no> <me>? <leave>',
    '<send>|<sending> .... <other>',
    'baja .... <other>',
    'baja <other>|california',
    'suscripcion .... <other>',
    '<remove>|<erase>|<switchOff>|<unsubscribe> .... <other>',
    '<stop> .. <other>',
    'dado|dada|dados de baja',
    '<no> .. <write>|<send>|<call> .. todavia|aun|hoy|hasta|manana|antes|despues|mientras|tarde|noche|noches|trabajo',
    '<no> .. <write> .... correo|mail|email',
    '<no> <me>? <want> la|el|este|esta|ese|esa|esa|un|una <one>',
    '<no> <want> perder',
    '<no> mas _ <message> que',
    'nada de .. <message> desde',
    '<number> .. y pon|pongan|agrega|agreguen|anota|anoten|usa|usen',
    '<stop> de <receive> .... desde',
    '<message> ?',
    'por si <no>',
  ],
  shields: [
    'por que|q',
    '^ porque|xq|pq',
    'dijo|dice|dicen|dijeron|escribio|grito|pidio',
    'diga|decia|escrito|estampado|frase|letras|titulado',
    '<no> puedo|pude|podia|podemos',
    'tuve|tiene|tengo que|q',
    'sirve|algo|crema|gel para',
    'si algun|alguna|quisiera|quiero',
    'y si luego|despues',
    '^ hasta|desde cuando',
  ],
  contrasts: [
    'escriban|escribe|escribeme|escribanme|escribime|escribidme|manden|mandame|mandenme|mandeme <me>? _ aqui|aca',
    '<write> <me> _ por? aqui|aca',
    'mejor por aqui|aca|mensaje|whatsapp',
  ],
};
