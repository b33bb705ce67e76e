import { catalogue, lookUp } from '../../kernel/i18n.ts'

/** The six roles of the sample company, by the key of their card. */
const cardTexts = catalogue({
  en: {
    'tier-1-agent': 'Tier-1 agent',
    'on-call-engineer': 'On-call engineer',
    'head-of-it': 'Head of IT at a customer',
    'provider-owner': 'Owner of the provider',
    'office-worker': 'Office worker',
    administrator: 'Administrator',
  },
  de: {
    'tier-1-agent': 'Erste Ebene',
    'on-call-engineer': 'Bereitschaft',
    'head-of-it': 'IT-Leitung eines Kunden',
    'provider-owner': 'Inhaber des Dienstleisters',
    'office-worker': 'Mitarbeiterin im Büro',
    administrator: 'Administrator',
  },
})
export const roleOf = (card: { key: string; role: string }): string => lookUp(cardTexts, card.key) ?? card.role
