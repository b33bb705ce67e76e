import type { ReactNode } from 'react'
import type { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { CheckField, FieldRow, NumberField, PasswordField, SelectField, TextField } from '../../ui/Fields.tsx'
import styles from './Mail.module.css'
import { mailboxTexts } from './mailbox-texts.ts'
import type { MailboxValues } from './mailbox-values.ts'

type Props = { form: ReturnType<typeof useForm<MailboxValues>>; hasSecret: boolean; redirect: string }
const samples = { host: 'imap.example.com', folder: 'INBOX' }
const ways = ['smtp', 'imap', 'microsoft', 'google'] as const

/** How the mail gets here, with what must be done on the other side. */
export function ConnectionFields({ form, hasSecret, redirect }: Props) {
  const t = useTexts(mailboxTexts)
  const { way } = form.values
  return (
    <>
      <SelectField label={t('way')} options={ways.map((value) => ({ value, label: t(value) }))} {...form.value('way')} />
      {way === 'smtp' && <Steps items={[t('smtp1'), t('smtp2'), t('smtp3'), t('smtp4'), t('smtp5')]} />}
      {way === 'imap' && <ImapFields form={form} hasSecret={hasSecret} />}
      {way === 'microsoft' && (
        <>
          <Steps
            items={[
              t('microsoft1'),
              <Redirect key="redirect" text={t('microsoft2')} address={redirect} />,
              t('microsoft3'),
              t('microsoft4'),
              t('microsoft5'),
              t('microsoft6'),
            ]}
          />
          <TextField label={t('clientId')} {...form.text('clientId')} />
          <TextField label={t('tenant')} {...form.text('tenant')} />
          <PasswordField
            label={t('clientSecret')}
            hint={hasSecret ? t('secretKept') : undefined}
            autoComplete="off"
            {...form.text('secret')}
          />
          <OAuthFields form={form} />
        </>
      )}
      {way === 'google' && (
        <>
          <Steps
            items={[
              t('google1'),
              t('google2'),
              <Redirect key="redirect" text={t('google3')} address={redirect} />,
              t('google4'),
              t('google5'),
            ]}
          />
          <TextField label={t('googleClientId')} {...form.text('clientId')} />
          <PasswordField
            label={t('clientSecret')}
            hint={hasSecret ? t('secretKept') : undefined}
            autoComplete="off"
            {...form.text('secret')}
          />
          <OAuthFields form={form} />
        </>
      )}
    </>
  )
}

/** When it ends, and by which way its mail leaves. */
function OAuthFields({ form }: Pick<Props, 'form'>) {
  const t = useTexts(mailboxTexts)
  return (
    <>
      <TextField label={t('secretExpiresOn')} hint={t('secretExpiresHint')} type="date" {...form.text('secretExpiresOn')} />
      <SelectField
        label={t('sends')}
        options={[
          { value: 'itself', label: t('sendsItself') },
          { value: 'relay', label: t('sendsRelay') },
        ]}
        {...form.value('sends')}
      />
      {form.values.sends === 'itself' && (
        <FieldRow>
          <TextField label={t('sendHost')} hint={t('sendHostHint')} {...form.text('sendHost')} />
          <NumberField label={t('sendPort')} min={1} max={65535} {...form.value('sendPort')} />
        </FieldRow>
      )}
    </>
  )
}

function ImapFields({ form, hasSecret }: Omit<Props, 'redirect'>) {
  const t = useTexts(mailboxTexts)
  return (
    <>
      <FieldRow>
        <TextField label={t('host')} placeholder={samples.host} {...form.text('host')} />
        <NumberField label={t('port')} min={1} max={65535} {...form.value('port')} />
      </FieldRow>
      <CheckField label={t('secure')} {...form.check('secure')} />
      <FieldRow>
        <TextField label={t('user')} autoComplete="off" {...form.text('user')} />
        <PasswordField
          label={t('password')}
          hint={hasSecret ? t('passwordKept') : undefined}
          autoComplete="new-password"
          {...form.text('secret')}
        />
      </FieldRow>
      <TextField label={t('folder')} hint={t('folderHint')} placeholder={samples.folder} {...form.text('folder')} />
    </>
  )
}

function Steps({ items }: { items: readonly ReactNode[] }) {
  const t = useTexts(mailboxTexts)
  return (
    <ol className={styles.how} aria-label={t('howTo')}>
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps never change places
        <li key={i}>{item}</li>
      ))}
    </ol>
  )
}

const Redirect = ({ text, address }: { text: string; address: string }) => (
  <span>
    {text} <code>{address}</code>
  </span>
)
