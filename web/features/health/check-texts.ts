import { catalogue } from '../../kernel/i18n.ts'

/** Checks by their key: `key` is the name, `key.state` what it says, `key.state.remedy` what to do; `figure.name` a figure's. What is missing here stands in the server's English. */
export const checkTexts = catalogue({
  en: {
    database: 'Database',
  },
  de: {
    database: 'Datenbank',
  },
})
