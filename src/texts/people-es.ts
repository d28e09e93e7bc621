import type { PeopleTexts } from './people-en.ts';

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('es')} ${count === 1 ? one : many}`;

export const peopleEs: PeopleTexts = {
  whom: {
    missing: (example) => `Dime de quién: su número de teléfono, por ejemplo: *${example}*.`,
    noPhone: (given, example) =>
      `No entiendo «${given}» como número de teléfono. Escríbelo con su prefijo de país, por ejemplo: *${example}*. Por el nombre se busca con *buscar*.`,
    nobody: (phone) =>
      `No conozco a nadie con el número ${phone}. ¿Están bien todas las cifras? *buscar* encuentra también una parte.`,
  },

  roles: { owner: 'dueño', manager: 'encargado', advisor: 'asesor' },
  phoneUnknown: 'teléfono desconocido',

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
