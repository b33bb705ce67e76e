import { IconPencil, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CustomerContact } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Badge, PersonName } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { ContactSheet } from './ContactSheet.tsx'
import styles from './Customers.module.css'
import { telOf } from './StandingLines.tsx'
import { customerTexts } from './texts.ts'

type Props = { organisationId: string; contacts: readonly CustomerContact[]; mayEdit: boolean }

/** Who speaks for the customer, and who may order. */
export function ContactList({ organisationId, contacts, mayEdit }: Props) {
  const t = useTexts(customerTexts)
  const [open, setOpen] = useState<CustomerContact | 'new'>()
  return (
    <Section
      title={t('contacts')}
      actions={mayEdit && <IconButton label={t('addContact')} icon={<IconPlus size={16} />} onClick={() => setOpen('new')} />}
    >
      {contacts.length === 0 && <p className="dim small">{t('noContacts')}</p>}
      {contacts.length > 0 && (
        <ul className={styles.rows}>
          {contacts.map((contact) => (
            <li key={contact.id}>
              <Contact contact={contact} />
              {mayEdit && (
                <IconButton
                  label={t('changeContact', { name: contact.person.name })}
                  icon={<IconPencil size={16} />}
                  onClick={() => setOpen(contact)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {open && (
        <ContactSheet
          organisationId={organisationId}
          {...(open === 'new' ? {} : { contact: open })}
          first={contacts.length === 0}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}

function Contact({ contact }: { contact: CustomerContact }) {
  const t = useTexts(customerTexts)
  const { person, roles, orders, orderLimit, approves, note, gone } = contact
  const phone = person.phones[0]?.number
  return (
    <div className="grow">
      <Link to="/people/$personId" params={{ personId: person.id }}>
        <PersonName person={person} />
      </Link>
      {(phone || person.email) && (
        <div className="dim small">
          {phone && <a href={telOf(phone)}>{phone}</a>}
          {phone && person.email && ' · '}
          {person.email && <a href={`mailto:${person.email}`}>{person.email}</a>}
        </div>
      )}
      <div className={styles.marks}>
        {gone && <Badge tone="warn">{t('gone')}</Badge>}
        {roles.map((role) => (
          <Badge key={role} tone={role === 'main' ? 'info' : 'plain'}>
            {t(`role_${role}`)}
          </Badge>
        ))}
        {orders && <Badge tone="good">{orderLimit ? t('mayOrderUpTo', { limit: orderLimit }) : t('mayOrder')}</Badge>}
        {approves && <Badge>{t('mayApprove')}</Badge>}
      </div>
      {note && <p className={`dim small ${styles.prose}`}>{note}</p>}
    </div>
  )
}
