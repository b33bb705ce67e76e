import { useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useKeyChoices } from '../../kernel/keyboard.ts'
import { type Language, setLanguage, useLanguage } from '../../kernel/language.ts'
import { queries } from '../../kernel/query.ts'
import { forgetSession, meQuery, useMe } from '../../kernel/session.ts'
import { Avatar } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { saveKeys } from '../profile/key-choices.ts'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

const languages: { value: Language; name: string }[] = [
  { value: 'en', name: 'English' },
  { value: 'de', name: 'Deutsch' },
]

/** Also used by the portal. */
export function ProfileMenu({ onHelp, profile = '/profile' }: { onHelp?: () => void; profile?: string }) {
  const t = useTexts(shellTexts)
  const me = useMe()
  const language = useLanguage()
  const choices = useKeyChoices()
  const { letters } = choices
  const navigate = useNavigate()
  const known = useRouter().routesByPath as Record<string, unknown>
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const speak = async (next: Language) => {
    setLanguage(next)
    try {
      queries.setQueryData(meQuery.queryKey, await call('PATCH /api/me', { body: { language: next } }))
    } catch (cause) {
      toastProblem(cause)
    }
  }
  const signOut = async () => {
    const gone = await call('POST /api/sign-out').catch(toastProblem)
    forgetSession()
    // The provider ends its own sign-in too, and sends the browser back.
    if (gone?.leave) return location.assign(gone.leave)
    void navigate({ to: '/sign-in' })
  }
  const icon = { size: 16, stroke: 1.7 }
  const looks = [
    { value: 'light', icon: <IconSun {...icon} /> },
    { value: 'dark', icon: <IconMoon {...icon} /> },
    { value: 'auto', icon: <IconDeviceDesktop {...icon} /> },
  ] as const
  return (
    <Menu
      end
      width={250}
      target={
        <button type="button" className={styles.iconic} aria-label={t('profile', { name: me.name })}>
          <Avatar id={me.id} name={me.name} size={26} />
        </button>
      }
      entries={[
        { key: 'who', heading: me.name },
        profile in known && {
          key: 'profile',
          label: t('myProfile'),
          icon: <IconUser {...icon} />,
          run: () => void navigate({ to: profile as never }),
        },
        onHelp && { key: 'help', label: t('shortcuts'), icon: <IconKeyboard {...icon} />, keys: '?', run: onHelp },
        onHelp && {
          key: 'letters',
          label: t(letters ? 'letterKeysOff' : 'letterKeysOn'),
          run: () => void saveKeys({ ...choices, letters: !letters }),
        },
        { key: 'looks', heading: t('theme') },
        ...looks.map((l) => ({
          key: l.value,
          label: t(l.value),
          icon: l.icon,
          checked: colorScheme === l.value,
          run: () => setColorScheme(l.value),
        })),
        { key: 'languages', heading: t('language') },
        ...languages.map((l) => ({ key: l.value, label: l.name, checked: language === l.value, run: () => void speak(l.value) })),
        { key: 'end', divider: true },
        { key: 'out', label: t('signOut'), icon: <IconLogout {...icon} />, run: () => void signOut() },
      ]}
    />
  )
}
