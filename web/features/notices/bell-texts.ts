import { catalogue } from '../../kernel/i18n.ts'

/** What the bell itself says; all else comes with its list. */
export const bellTexts = catalogue({
  en: { bell: 'Notices', bellUnread: { one: 'Notices: {count} unread', other: 'Notices: {count} unread' } },
  de: { bell: 'Hinweise', bellUnread: { one: 'Hinweise: {count} ungelesen', other: 'Hinweise: {count} ungelesen' } },
})
