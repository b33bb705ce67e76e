/** What happens to mail. Ids and codes only; addresses and subjects live in the mail's own rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'mail.quarantined': { reason: string }
    'mail.judged': { verdict: string; reason: string }
    'mail.opened': { how: 'text' | 'raw' }
    'mail.released': { toTicketId: string | null }
    'mail.rethreaded': { messageId: string; fromTicketId: string }
    'mail.replayed': Record<string, never>
    'mail.delivery-changed': { messageId: string; state: string }
    'mail.delayed': { messageId: string }
    /** For the bell: somebody did not get what was written to them. */
    'mail.undelivered': { messageId: string | null; outboundMailId: string; bounced: boolean }
    'mail.retried': Record<string, never>
    'mailbox.created': { fields: string[] }
    'mailbox.changed': { fields: string[] }
    'mailbox.archived': Record<string, never>
    'mailbox.proved': Record<string, never>
    'mailbox.failing': Record<string, never>
    /** Its sign-in is gone: nobody but a person can bring it back. */
    'mailbox.disconnected': { cause: string }
    'mailbox.expiring': { days: number }
    /** SMTP_URL names another server than at the last start. */
    'mail.relay-changed': Record<string, never>
    /** Held mail was let go: by a person, or by the program when a way out was there again. */
    'mail.held-released': { count: number }
    'sender.blocked': Record<string, never>
    'sender.unblocked': Record<string, never>
    /** For the side conversations, which stand above: the mail itself goes along. */
    'mail.for-side': { sideId: string }
    /** For the machines' alerts, which stand above: to whose address it came; the mail itself goes along. */
    'mail.to-machine': { sourceIds: string[] }
    'ticket.answered-by-link': { answer: 'solved' | 'still-broken' }
  }
  interface EventCarries {
    'mail.to-machine': { from: string; subject: string; text: string }
    'mail.for-side': {
      /** Null: written into the sample company's past. */
      inboundMailId: string | null
      ticketId: string
      standing: 'party' | 'customer' | 'staff' | 'none'
      authorId: string | null
      from: { name: string; email: string }
      to: { name: string; email: string }[]
      cc: { name: string; email: string }[]
      subject: string
      body: string
      visibleBody: string
      automatic: string | null
      unverified: string | null
      at: string
      files: { sha256: string; size: number; name: string; mediaType: string }[]
    }
  }
}

export {}
