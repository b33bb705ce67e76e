import { catalogue } from '../../kernel/i18n.ts'

/** Apart from the screen's: the top bar loads with every page. */
export const chipTexts = catalogue({
  en: { onCallNow: 'On call now', nobody: 'Nobody' },
  de: { onCallNow: 'Jetzt in Bereitschaft', nobody: 'Niemand' },
})
