/** The first set-up in four steps. Each is kept by the server when it is left, so one may go and come back, forth and back. */
export const steps = ['company', 'mailbox', 'colleagues', 'finish'] as const
export type Step = (typeof steps)[number]
