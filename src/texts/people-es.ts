import type { PeopleTexts } from './people-en.ts';

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('es')} ${count === 1 ? one : many}`;

export const peopleEs: PeopleTexts = {
  whom: {
    missing: (example) => `Dime de quién: su número de teléfono, por ejemplo: *${example}*.`,
    noPhone: (given, example) =>
      `No entiendo «${given}» como número de teléfono. Escríbelo con su prefijo de país, por ejemplo: *${example}*. Por el nombre se busca con *buscar*.`,
    nobodyMarked: (handle) => `No conozco a ${handle}. *buscar* busca nombres, números y pedidos.`,
    nobody: (phone) =>
      `No conozco a nadie con el número ${phone}. ¿Están bien todas las cifras? *buscar* encuentra también una parte.`,
  },

  roles: { owner: 'dueño', manager: 'encargado', advisor: 'asesor' },
  phoneUnknown: (handle) => `${handle} (teléfono desconocido)`,

  contact: {
    staff: (role) => `Del equipo: ${role}.`,
    knownSince: (date) => `Conocido desde el ${date}.`,
    hasNotWritten: 'Nunca ha escrito a la tienda.',
    hasWritten: (count, at, last) => `Ha escrito ${plural(count, 'mensaje', 'mensajes')}, el último el ${at}: ${last}`,
    atTheShop: (known) => `En la tienda: ${known.join(' · ')}`,
    noOrders: 'Sin pedidos.',
    orders: (count) => (count === 1 ? '*1 pedido*' : `*${count.toLocaleString('es')} pedidos*`),
    order: (number, total, date, state) => `• ${number}: ${total}, ${date}, ${state}`,
    noTotal: 'importe desconocido',
    earlier: (count, total) => `• ${plural(count, 'anterior', 'anteriores')}, ${total} en total tras los reembolsos`,
    noCart: 'Sin carrito abierto.',
    cart: (total) => `*Carrito abierto*: ${total}`,
    item: (quantity, name) => `• ${quantity} × ${name}`,
    moreItems: (count) => `• y ${plural(count, 'más', 'más')}`,
    lastAdded: (at) => `Última adición: ${at}.`,
    checkout: (at) => `Pago empezado el ${at}, sin terminar.`,
    noCheckout: 'Pago sin empezar.',
  },

  orderStates: {
    open: () => 'sin pagar todavía',
    paid: (at) => `pagado el ${at}`,
    completed: (at) => `completado el ${at}`,
    cancelled: (at) => `anulado el ${at}`,
    refunded: () => 'reembolsado',
    partlyRefunded: (state, amount) => `${state}, ${amount} reembolsados`,
  },

  segments: {
    private: (since) => `🔒 Privado desde el ${since}: fuera del análisis y de las automatizaciones.`,
    capped: (until) => `⏳ Hace poco recibió un recordatorio de carrito: ningún otro hasta el ${until}.`,
    'bought-lately': (at) => `🛍 Ha comprado en las últimas 24 horas (${at}).`,
  },

  consent: {
    nobody: '➖ Ofertas: nadie ha dicho nada. Sin un sí no hay recordatorios de carrito.',
    granted: (how, at) => `✅ Ofertas: *sí*, ${how}, ${at}.`,
    'not-granted': (how, at) => `➖ Ofertas: *sin aceptar*, ${how}, ${at}.`,
    withdrawn: (how, at) => `🚫 Ofertas: *ninguna más*, ${how}, ${at}.`,
    inTheChat: (words) => (words ? `con «${words}» en el chat` : 'dicho en el chat'),
    byStaff: (proof) => (proof ? `anotado por la tienda: «${proof}»` : 'anotado por la tienda'),
    forgotten: 'porque se pidió olvidar a esta persona',
    joined: 'dicho por alguien a quien tomé por la misma persona',
    atTheShop: (place, words) =>
      words ? `«${words}», marcado en la tienda (${place})` : `dicho en la tienda (${place})`,
  },

  find: {
    missing: (example) =>
      `Dime una parte del teléfono o del nombre, un correo o el número de un pedido, por ejemplo: *${example}*.`,
    tooShort: 'Es demasiado corto para buscar: al menos tres letras o cifras.',
    nobody: (given) => `No encuentro a nadie con «${given}». Busco en nombres, teléfonos, correos y números de pedido.`,
    person: (place, who, more) => `${place}. ${[who, ...more].join(' · ')}`,
    order: (number) => `pedido ${number}`,
    more: (most) => `Hay más que estos ${most}: dime una parte más larga.`,
    goOn: (example) => `Más sobre uno de ellos: *${example}*`,
  },

  chat: {
    title: (who, shown, count) =>
      shown === count
        ? `*${who}*: ${plural(count, 'línea', 'líneas')}`
        : `*${who}*: las últimas ${shown} de ${plural(count, 'línea', 'líneas')}`,
    nothing: (who) => `*${who}*: todavía no se ha escrito nada, por ninguna parte.`,
    line: (clock, speaker, words) => `${clock} *${speaker}*: ${words}`,
    speakers: { contact: 'cliente', bot: 'bot', 'shop-phone': 'teléfono de la tienda' },
    edited: (words, before) => (before ? `${words} (cambiado; primero: «${before}»)` : `${words} (cambiado)`),
    deleted: (words) => (words ? `🗑 borrado: «${words}»` : '🗑 borrado'),
    cut: (words, left) => `${words}… (${left.toLocaleString('es')} caracteres más)`,
    ticks: { sent: '🕓', accepted: '✓', delivered: '✓✓', read: '✓✓ leído', sending: '🕓' },
    refused: (why) => `⚠️ no entregado: ${why}`,
    unknown: (why) => `⚠️ ${why}`,
    waiting: (count) =>
      `🕓 ${plural(count, 'mensaje espera', 'mensajes esperan')} a ser enviado${count === 1 ? '' : 's'}.`,
    most: (most) => `Muestro ${most} líneas como máximo.`,
  },

  optout: {
    done: (who) =>
      `✓ ${who} no recibe más ofertas; he anotado que lo has dicho tú.\nSi escribe, se le contesta como antes. Solo esa persona puede cambiarlo: escribiendo START a la tienda o con un nuevo sí en la tienda.`,
    already: (who, how) => `${who} ya no recibe ofertas. No se ha cambiado nada.\n${how}`,
  },

  optin: {
    link: ['enlace'],
    missingProof: (example) =>
      `Para anotar un sí necesito lo que lo prueba: cuándo y dónde lo dijo, por ejemplo: *${example}*.`,
    proofExample: 'formulario firmado el 12 de noviembre',
    done: (who, proof) => `✓ ${who} puede recibir ofertas. He anotado la prueba: «${proof}».`,
    withdrawn: (who, how, example) =>
      `Eso no puedo cambiarlo: ${who} dijo que no quería más.\n${how}\nSolo esa persona puede: escribiendo START a la tienda o con un nuevo sí en la tienda. *${example}* te da un enlace y una imagen para ella.`,
  },

  private: {
    off: ['no', 'quitar'],
    on: (who, example) =>
      `✓ ${who} es privado: queda fuera del análisis y de las automatizaciones para siempre.\nSi escribe, se le contesta como antes. Para volver atrás: *${example}*`,
    alreadyOn: (who, since) => `${who} es privado desde el ${since}. No se ha cambiado nada.`,
    taken: (who) => `✓ ${who} ya no es privado.`,
    notOn: (who) => `${who} no es privado. No se ha cambiado nada.`,
  },

  optInLink: {
    notLinked: 'Puedo hacer el enlace cuando esté vinculado con el WhatsApp de la tienda. *estado* dice qué hacer.',
    noName:
      'Primero dime el nombre de la tienda, porque la gente lo va a leer: *cambiar shop.name Tu tienda*. Luego pídemelo otra vez.',
    done: (link, sentence, box) =>
      `✓ Quien abra este enlace o escanee la imagen, y envíe lo que sale escrito, ha dicho que sí a las ofertas:\n${link}\nEscribe: «${sentence}»\nPara el pago de tu tienda, una casilla que *no* esté marcada de antemano:\n☐ ${box}`,
    box: (shop) =>
      `Sí, ${shop} puede enviarme ofertas y recordatorios de mi carrito por WhatsApp. Puedo dejarlo cuando quiera respondiendo BAJA.`,
    file: 'ofertas-por-whatsapp.png',
  },

  forget: {
    staff: (who) => `${who} es del equipo. Solo olvido a clientes.`,
    ask: (who, counts, example, minutes) =>
      `Esto borra para siempre todo lo que sé de ${who}:\n${counts.join('\n')}\nLos pedidos quedan para las cifras, sin la persona. También queda sin ofertas, diga lo que diga la tienda, hasta que vuelva a decir que sí. El chat del teléfono de la tienda no es mío: bórralo allí.\nSi lo tienes claro, envía en ${minutes} minutos: *${example}*`,
    messages: (count, files) =>
      `• ${plural(count, 'línea', 'líneas')} del chat, ${plural(files, 'archivo', 'archivos')}`,
    shop: (orders, carts) =>
      `• ${plural(carts, 'carrito o pago', 'carritos y pagos')}; la persona en ${plural(orders, 'pedido', 'pedidos')}`,
    names: (count) => `• ${plural(count, 'nombre, número o dirección', 'nombres, números y direcciones')}`,
    wrong: (example) => `Ese no es el código. No se ha borrado nada. Para uno nuevo: *${example}*`,
    over: (example) => `Ese código ya no vale. No se ha borrado nada. Para uno nuevo: *${example}*`,
    done: (lines, files) =>
      `✓ Olvidado. Borrado: ${plural(lines, 'línea', 'líneas')} del chat, ${plural(files, 'archivo', 'archivos')} y todos los nombres y números; también lo que tú y yo hemos escrito aquí sobre esa persona.`,
  },

  data: {
    caption: (who, figures) =>
      `*Todo lo que sé de ${who}*\n${plural(figures.lines, 'línea', 'líneas')} del chat\n${plural(figures.orders, 'pedido', 'pedidos')}, ${plural(figures.carts, 'carrito o pago', 'carritos y pagos')}\n${plural(figures.consents, 'declaración', 'declaraciones')} sobre ofertas\nEl archivo se abre en cualquier editor de texto; pásaselo solo a esta persona.`,
    file: 'datos-del-cliente.json',
    explanation:
      'Todo lo que el bot de WhatsApp de esta tienda tiene guardado sobre una persona, tabla por tabla, con las horas en UTC. Las fotos, los sonidos y los documentos están como archivos con los nombres que da «attachments». No se incluyen los mismos mensajes en la forma binaria de WhatsApp ni los resúmenes cifrados con clave, por los que no se reconoce a nadie.',
  },

  kinds: {
    withWords: (kind, words) => `${kind}: ${words}`,
    image: () => '📷 foto',
    video: () => '🎬 vídeo',
    audio: () => '🎵 sonido',
    voice: (length) => (length ? `🎤 nota de voz (${length})` : '🎤 nota de voz'),
    document: (name) => (name ? `📄 ${name}` : '📄 documento'),
    sticker: () => 'sticker',
    album: (files) => `📷 álbum de ${files}`,
    location: (isLive) => (isLive ? '📍 ubicación en directo' : '📍 ubicación'),
    contacts: (names) => `👤 contacto: ${names}`,
    poll: (question) => `📊 encuesta: ${question}`,
    vote: (options) => (options === undefined ? 'ha votado (ilegible)' : `ha votado: ${options || 'ya nada'}`),
    reaction: (emoji, about) => {
      const to = about ? ` a «${about}»` : '';
      return emoji ? `ha reaccionado ${emoji}${to}` : `ha retirado su reacción${to}`;
    },
    edit: () => '✏️ ha cambiado un mensaje anterior',
    delete: () => '🗑 mensaje borrado',
    order: (items, total) =>
      `🛒 pedido del catálogo de WhatsApp: ${plural(items, 'artículo', 'artículos')}${total ? `, ${total}` : ''}`,
    product: () => '🏷 producto del catálogo',
    call: (isVideo, outcome) => {
      const how = {
        ringing: 'llamando',
        missed: 'perdida',
        rejected: 'rechazada',
        accepted: 'atendida en el teléfono',
      };
      return `📞 ${isVideo ? 'videollamada' : 'llamada'}, ${how[outcome]}`;
    },
    unreadable: (because) =>
      ({
        undecryptable: 'todavía no se ha podido leer',
        'view-once': 'de una sola vista: solo la muestra el teléfono',
        absent: 'llegó sin contenido',
      })[because],
    other: () => 'algo que solo puede mostrar el teléfono',
  },
};
