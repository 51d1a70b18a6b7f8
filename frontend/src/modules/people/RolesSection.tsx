import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useSession } from '@/shared/api/queries'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Failure, Loading } from '@/shared/ui/States'
import { permissionText, roleText } from './permissions'
import { rolesQuery } from './queries'

export function RolesSection() {
  const { data, error, refetch } = useQuery(rolesQuery)
  const own = useSession()?.user.role
  return (
    <SettingsSection
      title="Roles"
      lead="What each role may do, from the table that the server checks every request against. The names are also the scopes of tokens."
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the roles" rows={8} />}
      {data && (
        <section className="sheet relative overflow-x-auto" aria-label="Table of roles" tabIndex={0}>
          <table className="w-full border-separate border-spacing-0 text-sm">
            <thead>
              <tr>
                <th
                  scope="col"
                  className="sticky left-0 border-b border-rule bg-sunk px-4 py-2 text-left text-xs font-medium text-soft sm:px-5"
                >
                  Permission
                </th>
                {data.roles.map(role => (
                  <th
                    key={role}
                    scope="col"
                    className="border-b border-rule bg-sunk px-2 py-2 text-xs font-medium text-soft last:pr-4"
                  >
                    {roleText(role)}
                    {role === own && <span className="block text-brass">you</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.permissions.map(permission => (
                <tr key={permission.name} className="hover:bg-sunk/50">
                  <th
                    scope="row"
                    className="sticky left-0 max-w-48 min-w-36 border-b border-rule bg-sheet px-4 py-2 text-left font-normal sm:max-w-none sm:px-5"
                  >
                    {permissionText(permission.name)}
                    <code className="block font-mono text-xs text-faint">{permission.name}</code>
                  </th>
                  {data.roles.map(role => {
                    const may = data.roles.indexOf(role) >= data.roles.indexOf(permission.role)
                    return (
                      <td key={role} className="border-b border-rule px-2 py-2 text-center last:pr-4">
                        {may ? (
                          <>
                            <Check aria-hidden="true" className="mx-auto size-4 text-good" />
                            <span className="sr-only">yes</span>
                          </>
                        ) : (
                          <span className="text-faint">
                            <span aria-hidden="true">–</span>
                            <span className="sr-only">no</span>
                          </span>
                        )}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </SettingsSection>
  )
}
