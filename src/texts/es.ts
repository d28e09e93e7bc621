import type { Texts } from './en.ts';
import { peopleEs } from './people-es.ts';

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('es')} ${count === 1 ? one : many}`;

export const es: Texts = {
  locale: 'es-ES',
  languageName: 'Español',

  commands: {
    help: {
      aliases: ['ayuda', '?', 'comandos'],
      usage: 'ayuda [comando]',
      help: 'lo que sé hacer',
    },
    status: {
      aliases: ['estado'],
      usage: 'estado',
      help: 'cómo va el bot de la tienda y qué falta todavía',
    },
    health: {
      aliases: ['salud'],
      usage: 'salud',
      help: 'la parte técnica: WhatsApp, base de datos, mensajes, memoria',
    },
    settings: {
      aliases: ['ajustes'],
      usage: 'ajustes',
      help: 'todo lo que se puede cambiar, con su valor actual',
    },
    set: {
      aliases: ['cambiar', 'poner'],
      usage: 'cambiar <ajuste> <valor>',
      help: 'cambia un ajuste, por ejemplo: cambiar shop.language en',
    },
    test: {
      aliases: ['probar'],
      usage: 'probar botones | webhook | crm',
      help: 'comprueba si tu WhatsApp muestra botones, o si tus propios sistemas me oyen',
    },
    replay: {
      aliases: ['releer'],
      usage: 'releer',
      help: 'intenta leer otra vez los mensajes apartados',
    },
    split: {
      aliases: ['separar'],
      usage: 'separar <teléfono>',
      help: 'vuelve a separar a dos personas que yo había tomado por una',
    },
    contact: {
      aliases: ['contacto', 'quien', 'quién'],
      usage: 'contacto <teléfono>',
      help: 'todo sobre una persona: pedidos, carrito, consentimiento',
    },
    find: {
      aliases: ['buscar', 'encontrar'],
      usage: 'buscar <parte de un teléfono o nombre, correo, pedido>',
      help: 'encuentra a personas',
    },
    chat: {
      aliases: ['conversación', 'conversacion'],
      usage: 'chat <teléfono> [líneas]',
      help: 'las últimas líneas de una conversación, con sus marcas de entrega',
    },
    optout: {
      aliases: ['baja'],
      usage: 'baja <teléfono>',
      help: 'ninguna oferta más para quien no las quiere',
    },
    optin: {
      aliases: ['alta'],
      usage: 'alta <teléfono> <prueba>',
      help: 'anota que alguien quiere ofertas; *alta enlace* hace un enlace y una imagen para ello',
    },
    private: {
      aliases: ['privado', 'privada'],
      usage: 'privado <teléfono> [no]',
      help: 'deja a una persona fuera del análisis y de las automatizaciones',
    },
    data: {
      aliases: ['datos'],
      usage: 'datos <teléfono>',
      help: 'todo lo que sé de una persona, en un archivo',
    },
    forget: {
      aliases: ['olvidar'],
      usage: 'olvidar <teléfono>',
      help: 'borra a una persona, después de preguntar otra vez',
    },
  },

  settings: {
    'shop.name': 'El nombre de la tienda, tal como lo digo.',
    'shop.language': 'El idioma en que hablo con el equipo.',
    'shop.timezone': 'La zona horaria de la tienda.',
    'shop.country': 'El país de la tienda, para los números de teléfono sin prefijo de país.',
    'shop.url': 'La dirección web de la tienda.',
    'sending.typing':
      'Cuántos segundos, como mucho, me ven escribir los clientes antes de que les conteste. 0 lo desactiva.',
    'post-purchase.completed-when':
      'Cuándo un pedido cuenta como completado: al enviarse (fulfilled), al pagarse (paid) o ya al crearse (created).',
    'sales.crm-url':
      'La dirección de tu propio sistema (CRM) al que pregunto si alguien ha comprado. *probar crm* la prueba.',
    'sales.webhook-url': 'La dirección a la que aviso de eventos. *probar webhook* la prueba.',
    'sales.webhook-events': 'De qué eventos le aviso.',
  },

  help: {
    greeting: (shop) => `*${shop}*: esto es lo que puedes pedirme:`,
    line: (usage, help) => `*${usage}*: ${help}`,
    unknownTopic: (given) => `No hay ningún comando «${given}».`,
    footer: 'Escríbelo aquí sin más. Da igual si empieza con mayúscula o con /.',
  },

  unknownCommand: (given, nearest, likely) => {
    const names = nearest.map((name) => `*${name}*`).join(', ');
    const hint = likely ? `¿Querías decir ${names}?` : `Entiendo ${names} y más.`;
    return `No conozco «${given}». ${hint}\nEnvía *ayuda* para ver todo lo que sé hacer.`;
  },
  tooLong: (length, longest) =>
    `Ese mensaje tiene ${length.toLocaleString('es')} caracteres: demasiados para un comando (como máximo ${longest.toLocaleString('es')}). No se ha cambiado nada. Envía *ayuda* para ver lo que sé hacer.`,
  notAllowed: (command) =>
    `*${command}* es para dueños y encargados. Pídeselo a uno de ellos, o envía *ayuda* para ver lo que puedes hacer.`,
  ownersOnly: (command) =>
    `*${command}* es para dueños. Pídeselo a uno de ellos, o envía *ayuda* para ver lo que puedes hacer.`,
  failed: (command) =>
    `Algo ha fallado por mi parte y *${command}* no se ha hecho. Inténtalo otra vez; si se repite, quien me instaló encontrará la causa en el registro.`,

  loop: 'Escribes tanto y tan rápido que te tomo por una respuesta automática. No he atendido este mensaje y guardo silencio hasta que pasen dos minutos de calma. Después, escríbeme otra vez.',

  test: {
    buttons: ['botones'],
    usage: 'Sé probar tres cosas: *probar botones*, *probar webhook* (la dirección para eventos) y *probar crm*.',
    question:
      '¿Ves dos botones debajo de este mensaje? Toca uno.\nSi no ves ninguno, este WhatsApp no muestra botones. No pasa nada: todo se puede escribir también, por ejemplo *ayuda*.',
    answer: 'Sí, los veo',
    help: 'Ayuda',
    tapReached: '✓ Me ha llegado tu toque: los botones funcionan en este teléfono.',
    sending: (host) => `Estoy probando ${host}. En un momento te digo qué ha pasado.`,
    noAddress: {
      webhook:
        'No hay ninguna dirección para eventos, así que no hay nada que probar. Se pone así: *cambiar sales.webhook-url https://hooks.example.com/shopbell*',
      crm: 'No hay ninguna dirección de un CRM, así que no hay nada que probar. Se pone así: *cambiar sales.crm-url https://crm.example.com/verify*',
    },
    noPhone: 'Aún no conozco tu número de teléfono, así que no puedo preguntar por ti. No se ha enviado nada.',
    webhookTaken: (host, took) => `✓ ${host} ha aceptado el evento de prueba en ${took} ms.`,
    noEventsOn: 'Aún no hay ningún evento activado. Todos: *cambiar sales.webhook-events all*',
    crmAnswered: (host, took, hasBought) =>
      `✓ ${host} ha contestado en ${took} ms y lo he entendido: tu propio número ${hasBought ? 'ha comprado algo' : 'no ha comprado nada'} en los últimos 30 días.`,
    crmUnclear: (host) =>
      `⚠️ ${host} ha contestado, pero ni sí ni no. Espero un JSON como {"converted": false}. Hasta entonces tomo cada respuesta por «no se sabe» y retengo los mensajes.`,
    doNotContact: 'También me pide que no escriba a este número.',
    failed: (host, why) => `⚠️ La prueba no ha funcionado: ${host} ${why}`,
    unsigned: (variable) =>
      `Ha ido sin firmar, porque no hay secreto. Lo pone quien me instaló (${variable}); nunca se escribe en un chat.`,
  },

  outside: {
    notCalled: (why) => `no se ha llamado: ${why}`,
    refusals: {
      'not-https': 'solo llamo a direcciones que empiezan por https://.',
      'has-password': 'en la dirección hay un nombre o una contraseña, y las contraseñas nunca se escriben en un chat.',
      port: 'solo uso los puertos 443 y 8443.',
      private: 'lleva a una red privada. Quien me instaló puede permitirlo (ALLOW_PRIVATE_TARGETS).',
    },
    unanswered: {
      timeout: 'no ha contestado a tiempo. ¿Está en marcha el sistema?',
      'unknown-host': 'no existe: nadie tiene ese nombre. ¿Está bien escrito?',
      'no-connection': 'no ha contestado: no se pudo conectar, o la conexión se cortó. ¿Está en marcha el sistema?',
      certificate:
        'no ha podido demostrar quién es: su certificado es incorrecto o ha caducado, o no es https. No se ha enviado nada.',
    },
    redirected: (status) =>
      `me manda a otra dirección (estado ${status}) y no la sigo. Pon la dirección en la que termina.`,
    denied: (status) => `no me ha dejado entrar (estado ${status}). ¿Es el secreto el mismo en los dos lados?`,
    gone: (status) => `dice que no quiere más eventos (estado ${status}).`,
    missing: (status) => `dice que no hay nada en esta dirección (estado ${status}). ¿Está bien escrita?`,
    status: (status) => `ha contestado con el estado ${status} en lugar de 200. Su propio registro dice por qué.`,
  },

  replay: {
    nothing: 'No hay ningún mensaje apartado. No hay nada que hacer.',
    again: (count) =>
      `Vuelvo a intentarlo con ${plural(count, 'mensaje', 'mensajes')}. Envía *estado* dentro de un momento: allí sale lo que siga sin poder leerse.`,
  },

  claim: {
    done: (shop) =>
      `¡Te doy la bienvenida! Ahora el bot de *${shop}* es tuyo.\nEnvía *ayuda* para ver lo que sé hacer.`,
    wrong: (triesLeft) =>
      `Ese no es el código de la página de vinculación. ${triesLeft === 1 ? 'Queda' : 'Quedan'} ${plural(triesLeft, 'intento', 'intentos')}.`,
    closed: 'Ese código ya no vale. Abre otra vez la página de vinculación: muestra uno nuevo.',
  },

  set: {
    done: (key, before, after) => `✓ ${key}: ${before} → ${after}\nPara volver atrás: *cambiar ${key} ${before}*`,
    same: (key, value) => `${key} ya es ${value}. No se ha cambiado nada.`,
    unknown: (given, nearest) =>
      `No hay ningún ajuste «${given}». Los más parecidos: ${nearest.map((key) => `*${key}*`).join(', ')}. Envía *ajustes* para verlos todos.`,
    missing: 'Dime qué ajuste y qué valor, por ejemplo: *cambiar shop.language en*. Envía *ajustes* para verlos todos.',
    missingValue: (key, value, expected, example) =>
      `${key} es ahora ${value}. Para cambiarlo espero ${expected}, por ejemplo: *cambiar ${key} ${example}*.`,
    wrong: (key, expected) => `${key} no se ha cambiado. Esperaba ${expected}.`,
    refused: (key, why) => `${key} no se ha cambiado: ${why}`,
    unknownName: (key, given, nearest) =>
      `${key} no se ha cambiado: no conozco «${given}». Lo más parecido: ${nearest.map((name) => `*${name}*`).join(', ')}.`,
  },
  split: {
    missing: 'Dime de quién: su teléfono con prefijo de país, por ejemplo: *separar +34 600 000 003*.',
    noPhone: (given) =>
      `No entiendo «${given}» como número de teléfono. Escríbelo con su prefijo de país, por ejemplo: *separar +34 600 000 003*.`,
    nobody: (phone) =>
      `No conozco a nadie con el número ${phone}. No se ha cambiado nada. ¿Están bien todas las cifras?`,
    neverJoined: (phone) => `No he unido ${phone} con nadie, así que no hay nada que separar.`,
    phoneUnknown: 'teléfono desconocido',
    person: (who, lines) => `• ${who}: ${plural(lines, 'mensaje', 'mensajes')}`,
    done: (people) =>
      `✓ Vuelven a ser dos personas:\n${people.join('\n')}\nLo que llegó desde que las uní se queda con la primera. Si WhatsApp vuelve a nombrarlas como una sola, las uniré otra vez.`,
  },
  people: peopleEs,

  settingsTitle: 'Ajustes (cambia uno con *cambiar <ajuste> <valor>*):',
  settingLine: (key, value, help) => `*${key}*: ${value}\n${help}`,

  expected: {
    choice: (options) => `uno de: ${options.join(', ')}`,
    text: (longest) => `un texto de 1 a ${longest} caracteres en una línea`,
    'time-zone': () => 'una zona horaria como Europe/Madrid o America/Bogota',
    country: () => 'un código de país de dos letras, como ES',
    'web-address': () => 'una dirección web como https://shop.example.com, o none',
    endpoint: () => 'una dirección que empiece por https://, como https://hooks.example.com/shopbell, o none',
    several: (options: readonly string[]) => `all (todos), none (ninguno) o algunos de: ${options.join(', ')}`,
    seconds: (least: number, most: number) => `un número entero de segundos, de ${least} a ${most}`,
  },

  status: {
    linked: (phone, since) => `✅ WhatsApp: vinculado como ${phone} desde ${since}`,
    notLinked: (state, advice) => `⚠️ WhatsApp: ${state}\n${advice}`,
    day: (received, sent) =>
      `Últimas 24 horas: ${plural(received, 'mensaje', 'mensajes')} de clientes, ${sent.toLocaleString('es')} para ellos`,
    waiting: (count) =>
      count === 0
        ? 'No hay nada pendiente de enviar.'
        : `${plural(count, 'mensaje pendiente', 'mensajes pendientes')} de enviar.`,
    failed: (count) =>
      `⚠️ ${plural(count, 'mensaje no se pudo leer y está apartado', 'mensajes no se pudieron leer y están apartados')}; no se ha perdido nada. *releer* vuelve a intentarlo, por ejemplo tras una actualización.`,
    failedDeliveries: (count) =>
      `⚠️ ${plural(count, 'aviso', 'avisos')} de la tienda no se ${count === 1 ? 'pudo' : 'pudieron'} leer y ${count === 1 ? 'está apartado' : 'están apartados'}; no se pierde nada. *replay* lo intenta otra vez, por ejemplo después de una actualización.`,
    refused: (count, why) => `⚠️ Sin entregar en las últimas 24 horas: ${count} — ${why}`,
    owners: (count) => `Dueños: ${count}`,
    missing: (lines) => `Todavía falta:\n${lines.map((line) => `• ${line}`).join('\n')}`,
    nothingMissing: 'No falta nada.',
    missingName: 'el nombre de la tienda: *cambiar shop.name Tu tienda*',
    missingTimeZone: 'la zona horaria: *cambiar shop.timezone Europe/Madrid*',
  },

  refusals: {
    '400': 'WhatsApp considera mal formado el mensaje. Si se repite, actualiza Shopbell.',
    '403': 'WhatsApp no deja que la tienda escriba a esta persona.',
    '404': 'este número no está en WhatsApp.',
    '405': 'WhatsApp no aceptó este tipo de mensaje.',
    '420': 'WhatsApp lo rechazó sin decir por qué.',
    '429': 'demasiados mensajes demasiado rápido. Deja descansar el número de la tienda un cuarto de hora.',
    '463':
      'WhatsApp no deja que la tienda empiece ahora este chat. No lo intentes de nuevo: espera a que escriba la persona y abre WhatsApp en el teléfono de la tienda para ver si la cuenta está restringida.',
    '473': 'WhatsApp no aceptó este tipo de mensaje.',
    '475': 'WhatsApp lo rechazó sin decir por qué.',
    '479': 'WhatsApp no da por válido el mensaje. Si se repite, actualiza Shopbell.',
    interrupted: 'la conexión se cortó a medias y no sé si llegó. Míralo en el chat, en el teléfono de la tienda.',
    'file-missing': 'el archivo que había que enviar ya no está en esta máquina.',
    'no-address': 'no conozco ninguna dirección de WhatsApp de esta persona.',
  },
  otherRefusal: (code) => `WhatsApp lo rechazó (código ${code}).`,

  health: {
    title: '*Salud*',
    database: (kind, took) =>
      `✅ Base de datos: ${kind === 'embedded' ? 'integrada' : 'servidor PostgreSQL'}, responde en ${took} ms`,
    databaseDown: '⚠️ Base de datos: no responde',
    arrivals: (pending, failed) => {
      if (pending === 0 && failed === 0) {
        return '✅ Registro: todos los mensajes que llegaron están anotados';
      }
      return `⚠️ Registro: ${pending} por anotar, ${failed} apartados porque no se pudieron leer`;
    },
    phoneSeen: (ago) =>
      ago ? `Teléfono de la tienda: última señal hace ${ago}` : 'Teléfono de la tienda: todavía sin señal',
    lastReceived: (at) => (at ? `Último mensaje recibido: ${at}` : 'Todavía no ha llegado ningún mensaje'),
    process: (running, megabytes) => `En marcha desde hace ${running}, ${megabytes} MB de memoria`,
  },

  alert: {
    down: (shop, state, since, advice) =>
      `⚠️ ${shop}: el bot no tiene conexión con WhatsApp desde ${since} (${state}). ${advice}`,
    reminder: (shop, state, since, advice) =>
      `⚠️ ${shop}: el bot sigue sin conexión con WhatsApp desde ${since} (${state}). ${advice}`,
    failing: (shop, state, since, advice) =>
      `⚠️ ${shop}: la conexión del bot con WhatsApp se corta una y otra vez desde ${since} (ahora: ${state}). ${advice}`,
    back: (shop, _state, since, _advice) => `✅ ${shop}: el bot vuelve a estar conectado con WhatsApp desde ${since}.`,
    restart: (shop, _state, since, _advice) =>
      `⚠️ ${shop}: el bot ya no recibía nada de WhatsApp y una conexión nueva no ha servido (${since}). Se cierra ahora para que Docker, systemd o lo que lo vigile lo arranque de nuevo. Si nada lo hace, arráncalo a mano.`,
  },

  /** Cómo está la conexión con las tiendas: qué falla y qué hacer. */
  connections: {
    names: {
      shopify: 'Shopify',
      woocommerce: 'WooCommerce',
      crm: 'Tu CRM',
      webhook: 'Tu dirección para eventos',
    },
    well: (shop: string, ago: string) => `✅ ${shop}: responde; última consulta hace ${ago}`,
    trouble: (shop: string, since: string, problem: string) => `⚠️ ${shop}, desde ${since}: ${problem}`,
    notice: (shop: string, problem: string) => `⚠️ ${shop}: ${problem}`,
    over: (shop: string) => `✅ ${shop}: todo vuelve a funcionar. Ya he recogido los pedidos de este tiempo.`,
    shopify: {
      refused: (_detail: string) =>
        'no acepta mi acceso. Revisa SHOPIFY_CLIENT_ID y SHOPIFY_CLIENT_SECRET, o SHOPIFY_ACCESS_TOKEN, y si la app sigue instalada.',
      forbidden: (scope: string) =>
        `a la app le falta un permiso: ${scope}. Dáselo en el Dev Dashboard de Shopify y después publica e instala la app de nuevo.`,
      'not-found': (_detail: string) =>
        'no existe esa tienda. Revisa SHOPIFY_SHOP: el nombre que acaba en .myshopify.com.',
      unreachable: (_detail: string) =>
        'no se puede contactar. Lo intento cada diez minutos; revisa la conexión a internet de la máquina en la que funciono.',
      busy: (_detail: string) =>
        'me pide esperar una y otra vez. Lo intento cada diez minutos; haz menos consultas con tus otras apps.',
      failing: (_detail: string) =>
        'responde con errores. Lo intento cada diez minutos; si dura un día, mira status.shopify.com y después actualiza Shopbell.',
      uninstalled: (_detail: string) =>
        'se quitó la app de la tienda, así que no me entero de carritos ni de pedidos. Instálala de nuevo en Shopify y sigo yo solo.',
      'hidden-customers': (_detail: string) =>
        'sus últimos pedidos llegaron sin teléfono y sin correo, así que no puedo saber quién ha comprado. Da a la app acceso a los datos protegidos de clientes, o pregunta a Shopify si tu plan lo incluye.',
      silent: (_detail: string) =>
        'tiene pedidos nuevos y no me ha llegado ninguno de sus webhooks. Recojo los pedidos cada diez minutos; comprueba que PUBLIC_URL se alcanza desde fuera, y SHOPIFY_WEBHOOK_SECRETS.',
      'no-address': (variable: string) =>
        `no puede avisarme, así que no conozco los carritos. Recojo los pedidos cada diez minutos; define ${variable} y reiníciame.`,
      unsubscribed: (words: string) =>
        `no quiere avisar a mi dirección. Dice: «${words}». PUBLIC_URL tiene que empezar por https:// y alcanzarse desde fuera.`,
    },
    crm: {
      refused: () => 'no me deja entrar. ¿Es CRM_SECRET el mismo en los dos lados? *probar crm* lo intenta otra vez.',
      'not-found': () =>
        'no hay nada en la dirección. ¿Está bien escrito sales.crm-url? *probar crm* lo intenta otra vez.',
      unreachable: () => 'no contesta, así que retengo lo que depende de él. *probar crm* dice más.',
      failing: () =>
        'contesta con errores, o ni sí ni no, así que retengo lo que depende de él. *probar crm* dice más.',
    },
    webhook: {
      refused: () =>
        'no me deja entrar. ¿Es WEBHOOK_SECRET el mismo en los dos lados? *probar webhook* lo intenta otra vez.',
      'not-found': () =>
        'no hay nada en la dirección. ¿Está bien escrito sales.webhook-url? *probar webhook* lo intenta otra vez.',
      unreachable: () => 'no contesta. Sigo intentándolo; *probar webhook* dice más.',
      failing: () => 'no acepta mis eventos. Sigo intentándolo; *probar webhook* dice más.',
      'switched-off': () => 'he dejado de avisarla de eventos. Cuando funcione, *probar webhook* la vuelve a activar.',
    },
    woocommerce: {
      refused: (_detail: string) =>
        'no acepta mi clave. Revisa WOOCOMMERCE_KEY y WOOCOMMERCE_SECRET, y que la dirección empiece por https://; algunos alojamientos quitan el acceso de las peticiones.',
      forbidden: (right: string) =>
        `mi clave no puede hacer eso. En WooCommerce → Ajustes → Avanzado → API REST dale el permiso ${right}.`,
      'not-found': (_detail: string) =>
        'no hay WooCommerce en esa dirección. Revisa WOOCOMMERCE_URL (con o sin www), y que los enlaces permanentes de WordPress no sean «simples».',
      unreachable: (_detail: string) =>
        'no se puede contactar. Lo intento cada diez minutos; comprueba que el sitio funciona y que ningún cortafuegos me deja fuera.',
      busy: (_detail: string) =>
        'me pide esperar, o tiene más pedidos de los que puedo revisar. Lo intento cada diez minutos; pide al alojamiento un límite más alto.',
      failing: (_detail: string) =>
        'responde con errores o no en JSON. Lo intento cada diez minutos; mira el registro de errores del sitio y desactiva el último plugin añadido.',
      uninstalled: (_detail: string) =>
        'se quitó mi clave. Crea una nueva en WooCommerce → Ajustes → Avanzado → API REST.',
      'hidden-customers': (_detail: string) =>
        'sus últimos pedidos llegaron sin teléfono y sin correo, así que no puedo saber quién ha comprado. Haz obligatorio el teléfono en la compra.',
      silent: (_detail: string) =>
        'tiene pedidos nuevos y no me ha llegado ninguno de sus webhooks. Recojo los pedidos cada diez minutos; mira WooCommerce → Ajustes → Avanzado → Webhooks, y que PUBLIC_URL se alcanza en el puerto 443, 80 u 8080.',
      'no-address': (variable: string) =>
        `no puede avisarme al momento. Recojo los pedidos cada diez minutos; define ${variable} y reiníciame.`,
      unsubscribed: (words: string) => `no quiere avisar a mi dirección. Dice: «${words}». Revisa PUBLIC_URL.`,
    },
  },

  notices: {
    gap: (from, to, late) =>
      late === 0
        ? `No estuve conectado a WhatsApp desde ${from} hasta ${to}. Nadie escribió en ese tiempo.`
        : `No estuve conectado a WhatsApp desde ${from} hasta ${to}. ${late === 1 ? 'Llegó 1 mensaje' : `Llegaron ${late.toLocaleString('es')} mensajes`} en ese tiempo; ya ${late === 1 ? 'está' : 'están todos'} en el registro.`,
    webhookSwitchedOff: (host, why) =>
      `⚠️ He dejado de avisar de eventos a ${host}: ${why} Mientras tanto no se guarda nada para esa dirección. Para volver a activarla, envía *probar webhook* cuando funcione, o pon otra dirección con *cambiar sales.webhook-url …*`,
    failedForDays: (why) => `no ha aceptado ninguno en tres días, y la última vez ${why}`,
    crmBroken: (host, why) =>
      `⚠️ No puedo saber por ${host} quién ha comprado: ${why} Hasta que vuelva a contestar retengo lo que depende de ello. *probar crm* lo comprueba.`,
    crmUnclear: 'no contesta ni sí ni no.',
    phoneSilent: (days, unlinkDate) =>
      `⚠️ No sé nada del teléfono de la tienda desde hace ${days} días. Enciéndelo y abre WhatsApp en él antes del ${unlinkDate}: ese día WhatsApp me desvincula y habría que vincularme de nuevo.`,
  },

  link: {
    connecting: { state: 'conectando', advice: 'No hay que hacer nada: tarda unos segundos.' },
    pairing: {
      state: 'a la espera de que lo vincules',
      advice:
        'En el teléfono de la tienda abre WhatsApp → Ajustes → Dispositivos vinculados → Vincular un dispositivo, y escanea el código.',
    },
    linked: { state: 'vinculado', advice: 'No hay que hacer nada.' },
    standby: {
      state: 'otro proceso de Shopbell tiene la conexión y yo espero como reserva',
      advice: 'No hay que hacer nada: lo sustituyo cuando termine, en menos de 20 segundos aunque lo hayan matado.',
    },
    unreachable: {
      state: 'no se puede conectar con WhatsApp',
      advice:
        'Sigo intentándolo. Mira si la máquina donde funciono tiene internet y si un cortafuegos bloquea web.whatsapp.com.',
    },
    'connection-lost': {
      state: 'se ha cortado la conexión',
      advice: 'No hay que hacer nada: me estoy conectando otra vez.',
    },
    'restart-asked': {
      state: 'WhatsApp ha pedido una conexión nueva',
      advice: 'No hay que hacer nada: es parte de la vinculación.',
    },
    'server-unavailable': {
      state: 'el servidor de WhatsApp está ocupado o se está reiniciando',
      advice: 'Sigo intentándolo, cada vez más despacio. No hay que hacer nada.',
    },
    'server-error': {
      state: 'WhatsApp ha cerrado la conexión sin un motivo conocido',
      advice: 'Sigo intentándolo. Si sigue así una hora, mira el registro y actualiza Shopbell.',
    },
    'database-unavailable': {
      state: 'la base de datos no responde, así que he dejado WhatsApp por ahora',
      advice:
        'Sigo intentándolo. Revisa la base de datos; mientras tanto no se pierde nada, WhatsApp guarda los mensajes.',
    },
    refused: {
      state: 'WhatsApp ha rechazado la conexión',
      advice: 'Sigo intentándolo cada pocos minutos. Si sigue así, actualiza Shopbell o vincula el teléfono otra vez.',
    },
    'logged-out': {
      state: 'me han desvinculado desde el teléfono',
      advice:
        'Vincula otra vez: en el teléfono de la tienda abre WhatsApp → Ajustes → Dispositivos vinculados → Vincular un dispositivo, y escanea el código de la página de vinculación.',
    },
    replaced: {
      state: 'otro programa usa la misma vinculación',
      advice: 'Detén ese programa y reiníciame. Por mi cuenta lo intento una vez más a los diez minutos.',
    },
    blocked: {
      state: 'WhatsApp ha bloqueado la cuenta',
      advice: 'Abre WhatsApp en el teléfono de la tienda y haz lo que indique. Después reinicia Shopbell.',
    },
    banned: {
      state: 'WhatsApp ha suspendido este número',
      advice: 'Abre WhatsApp en el teléfono de la tienda: ofrece la forma de pedir una revisión.',
    },
    'temporarily-banned': {
      state: 'WhatsApp ha suspendido este número por un tiempo',
      advice:
        'Espero a que pase y me conecto otra vez por mi cuenta. Mientras tanto no escribas desde el teléfono a gente que no te conoce.',
    },
    outdated: {
      state: 'WhatsApp ya no acepta esta versión',
      advice: 'Actualiza Shopbell a la última versión y reinícialo.',
    },
    'identity-refused': {
      state: 'WhatsApp rechaza este dispositivo',
      advice: 'Reinicia Shopbell. Si se repite, quita el dispositivo en el teléfono y vincula otra vez.',
    },
    'not-multi-device': {
      state: 'el WhatsApp del teléfono es demasiado antiguo para vincular dispositivos',
      advice: 'Actualiza WhatsApp en el teléfono de la tienda y vincula otra vez.',
    },
    'pairing-expired': {
      state: 'nadie escaneó el código, así que dejé de pedir nuevos',
      advice: 'Abre la página de vinculación cuando tengas el teléfono a mano: muestra un código nuevo.',
    },
    'session-unreadable': {
      state: 'no se puede leer la sesión de WhatsApp guardada',
      advice: 'Mira el registro: dice qué hacer. No me vinculo otra vez por mi cuenta, así no se sobrescribe nada.',
    },
    'shut-down': { state: 'apagado', advice: 'Inicia Shopbell otra vez.' },
  },

  pairingPage: {
    title: 'El WhatsApp de la tienda',
    steps: [
      'En el teléfono de la tienda abre WhatsApp.',
      'Android: ⋮ → Dispositivos vinculados. iPhone: Ajustes → Dispositivos vinculados.',
      'Toca «Vincular un dispositivo» y apunta el teléfono a esta imagen.',
    ],
    qrLabel: 'El código para escanear',
    expires: 'Código nuevo en',
    secondsShort: 's',
    waitingForCode: 'Esperando el código de WhatsApp…',
    codeTitle: '¿Sin cámara? Vincula con un código',
    codeHelp: 'El número de teléfono de la tienda, con prefijo de país:',
    codeButton: 'Pedir un código',
    codeShown:
      'En el teléfono: Dispositivos vinculados → Vincular un dispositivo → «Vincular con el número de teléfono». Escribe este código:',
    codeWrongPhone: 'Eso no es un número de teléfono. Escríbelo con su prefijo de país, por ejemplo +34 600 000 001.',
    codeRefused:
      'WhatsApp no ha dado ningún código. Revisa el número; espera un minuto e inténtalo otra vez, o escanea la imagen.',
    codeTooEarly: 'La conexión con WhatsApp aún no está lista. Espera a que aparezca la imagen e inténtalo otra vez.',
    claimTitle: '¿Quién es el dueño?',
    claimHelp: 'Desde tu propio teléfono, escribe esto al número de la tienda en WhatsApp:',
    claimNote: 'El código sirve una sola vez, durante 15 minutos. Después, esta página muestra uno nuevo.',
    causesTitle: '¿No funciona?',
    causes: [
      'El teléfono y esta página necesitan internet; una VPN en el teléfono puede estorbar.',
      'Se pueden vincular como máximo cuatro dispositivos: quita uno que ya no uses.',
      'El código de la pantalla cambia: escanea el más nuevo.',
    ],
    linkedNote:
      'Para probarlo, escribe «ayuda» al número de la tienda desde el teléfono del dueño. Después puedes cerrar esta página.',
    since: 'desde',
    retryAt: 'próximo intento a las',
  },
};
