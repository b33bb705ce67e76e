/** What happens to what one knows of a customer; the subject is the organisation. Ids and names of fields only. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'customer.changed': { fields: string[] }
    'customer.noted': { noteId: string }
    'customer.note-changed': { noteId: string }
    'customer.note-removed': { noteId: string }
    'customer.path-begun': Record<string, never>
    'customer.path-finished': { left: number }
    'customer.step-set': { step: string; needed: boolean }
    /** Not `personId`: the live stream would tell it to that person, who is a requester, and to nobody else. */
    'contact.added': { contactId: string; contactPersonId: string }
    'contact.changed': { contactId: string; contactPersonId: string; fields: string[] }
    'contact.removed': { contactId: string; contactPersonId: string }
    'document.added': { documentId: string }
    'document.changed': { documentId: string; fields: string[] }
    'document.version-added': { documentId: string; number: number }
    'document.removed': { documentId: string; versions: number }
  }
}

export {}
