using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements;

/// <summary>Who can earn an achievement, in the reader's language.</summary>
public sealed class AudienceWords(IStringLocalizer<Ui> texts, RoleStore store)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>"Only for the teams “Billing”, “Service”; the roles Agent." Null for everybody.</summary>
    public string? Of(DbConnection connection, Audience? audience)
    {
        if (audience is null) return null;
        var parts = new List<string>();
        if (audience.Teams.Count > 0) parts.Add(L["teams: {0}", Names("team", audience.Teams)]);
        if (audience.Groups.Count > 0) parts.Add(L["groups: {0}", Names("people_group", audience.Groups)]);
        if (audience.Roles.Count > 0 && store.Current(connection) is var roles)
            parts.Add(L["roles: {0}", string.Join(", ", audience.Roles.Select(r => roles.Find(r)?.Title(L) ?? r))]);
        return L["Only for {0}.", string.Join("; ", parts)];

        string Names(string table, IReadOnlyList<long> keys)
        {
            var names = connection.Query<(long Key, string Name)>($"SELECT key, name FROM {table}").ToDictionary(n => n.Key, n => n.Name);
            return string.Join(", ", keys.Where(names.ContainsKey).Select(k => L["“{0}”", names[k]].Value));
        }
    }
}
