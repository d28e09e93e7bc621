/** The six that WhatsApp offers as an answer to any message. */
export const usualReactions: readonly string[] = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
