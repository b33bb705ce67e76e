/** Where Microsoft and Google send the browser back to after the sign-in; registered there exactly as it stands here. */
export const redirectAddress = (): string => `${location.origin}/api/mailboxes/connected`
