/** One click is enough to chase: what such a mail says, in the writer's language. */
export function reminderText(language: 'en' | 'de', side: { subject: string; reference: string; target_on: string | null }): string {
  const reference = side.reference === '' ? '' : ` (${side.reference})`
  const day =
    side.target_on === null
      ? null
      : new Date(`${side.target_on}T12:00:00Z`).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' })
  if (language === 'de')
    return [
      'Guten Tag,',
      `wir warten noch auf Ihre Antwort zu „${side.subject}“${reference}.${day ? ` Vereinbart war der ${day}.` : ''}`,
      'Wie ist der Stand, und wann können wir mit einer Lösung rechnen?',
    ].join('\n\n')
  return [
    'Hello,',
    `we are still waiting for your answer about “${side.subject}”${reference}.${day ? ` We had agreed on ${day}.` : ''}`,
    'How far have you got, and when can we expect a solution?',
  ].join('\n\n')
}
