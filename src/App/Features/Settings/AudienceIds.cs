using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Settings;

/// <summary>An audience by the ids that a setup file knows.</summary>
public sealed record AudienceIds(IReadOnlyList<string> Teams, IReadOnlyList<string> Groups, IReadOnlyList<string> Roles)
{
    public static AudienceIds Of(DbConnection connection, DbTransaction? transaction, Audience audience)
    {
        return new(Ids("team", audience.Teams), Ids("people_group", audience.Groups), audience.Roles);

        List<string> Ids(string table, IReadOnlyList<long> keys)
        {
            var ids = connection.Query<(long Key, string Id)>($"SELECT key, id FROM {table}", transaction: transaction)
                .ToDictionary(k => k.Key, k => k.Id);
            return [.. keys.Select(k => ids[k]).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>By keys; null for everybody, and where it names what is not there.</summary>
    public static Audience? Find(DbConnection connection, AudienceSetup? setup)
    {
        if (setup is null) return null;
        var (teams, groups) = (Keys("team", setup.Teams), Keys("people_group", setup.Groups));
        return teams.Count < setup.Teams.Count || groups.Count < setup.Groups.Count ? null
            : new(teams, groups, [.. setup.Roles.Select(r => r.Text)]);

        List<long> Keys(string table, IReadOnlyList<YamlText> named)
        {
            var keys = connection.Query<(string Id, long Key)>($"SELECT id, key FROM {table}").ToDictionary(k => k.Id, k => k.Key);
            return [.. named.Where(n => keys.ContainsKey(n.Text)).Select(n => keys[n.Text]).Order()];
        }
    }

    /// <summary>"teams billing, service; roles agent".</summary>
    public override string ToString() => string.Join("; ", ((string, IReadOnlyList<string>)[])
        [("teams", Teams), ("groups", Groups), ("roles", Roles)] is var parts
        ? parts.Where(p => p.Item2.Count > 0).Select(p => $"{p.Item1} {string.Join(", ", p.Item2)}") : []);
}
