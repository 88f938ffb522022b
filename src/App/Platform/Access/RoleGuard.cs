using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>Who may hand rights to whom, and that somebody is left who can.</summary>
public static class RoleGuard
{
    /// <summary>How many active people can manage roles.</summary>
    /// <param name="without">A role that is taken as if it could not; null for none.</param>
    /// <param name="except">A person who does not count; null for none.</param>
    public static long Managers(
        DbConnection connection, DbTransaction? transaction, RoleBook roles, string? without = null, long? except = null)
    {
        var able = roles.All.Where(r => r.Id != without && r.Holds(Permissions.RolesManage)).Select(r => r.Id).ToArray();
        return able.Length == 0 ? 0 : connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM person WHERE active = 1 AND key <> @except AND {Dialect.Of(connection).Among("role", "able")}
            """, new { able, except = except ?? 0 }, transaction);
    }

    /// <summary>
    /// Whether somebody would say of themselves where they belong, and with it whom they see, without being trusted to say who sees what.
    /// </summary>
    public static bool MovesSelf(DbConnection connection, DbTransaction transaction, Actor actor, IEnumerable<long> people) =>
        actor.Key is { } self && people.Contains(self) && !RoleStore.Read(connection, transaction).Of(
            connection.ExecuteScalar<string?>("SELECT role FROM person WHERE key = @self", new { self }, transaction) ?? "")
            .Holds(Permissions.RolesManage);
}
