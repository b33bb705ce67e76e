/** Where Microsoft and Google send the browser back to (MailboxConnectedPage); registered there exactly as it stands here. */
export const redirectAddress = (): string => `${location.origin}/mailboxes/connected`
