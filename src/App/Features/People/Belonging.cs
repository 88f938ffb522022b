using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.People;

/// <summary>The SQL of which groups and which role somebody has, each from a workday on, and of what follows from a change.</summary>
public static class Belonging
{
    /// <summary>
    /// Work: what somebody earns by who can earn it is decided anew. Its subject is the person, the first workday, and when.
    /// </summary>
    public const string Kind = "belonging";

    /// <summary>Ids of the groups that somebody is in on a workday, in order.</summary>
    public static IReadOnlyList<string> GroupsOn(DbConnection connection, DbTransaction? transaction, long person, Workday day) =>
    [
        .. connection.Query<string>(
            """
            SELECT g.id FROM group_member m JOIN people_group g ON g.key = m.people_group
            WHERE m.person = @person AND m.from_day <= @day AND (m.until IS NULL OR m.until > @day) ORDER BY g.id
            """, new { person, day = day.Number }, transaction),
    ];

    /// <summary>Whether somebody has never been in a group.</summary>
    public static bool IsInNone(DbConnection connection, DbTransaction transaction, long person) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM group_member WHERE person = @person", new { person }, transaction) == 0;

    /// <summary>From a workday on somebody is in exactly these groups. False where that was known.</summary>
    public static bool SetGroups(
        DbConnection connection, DbTransaction transaction, long person, IReadOnlyCollection<long> groups, Workday from)
    {
        var spans = connection.Query<(long Group, int From, int? Until)>(
            "SELECT people_group, from_day, until FROM group_member WHERE person = @person", new { person }, transaction).ToList();
        var kept = spans.Where(s => s.From < from.Number).Select(s => (s.Group, s.From,
            Until: s.Until is null || s.Until >= from.Number ? groups.Contains(s.Group) ? null : from.Number : s.Until)).ToList();
        var wanted = kept.Concat(groups.Where(g => !kept.Exists(s => s.Group == g && s.Until is null))
            .Select(g => (Group: g, From: from.Number, Until: (int?)null))).ToList();
        if (wanted.ToHashSet().SetEquals(spans)) return false;
        connection.Execute("DELETE FROM group_member WHERE person = @person", new { person }, transaction);
        connection.Execute("INSERT INTO group_member (person, people_group, from_day, until) VALUES (@person, @Group, @From, @Until)",
            wanted.Select(w => new { person, w.Group, w.From, w.Until }), transaction);
        return true;
    }

    /// <summary>From a workday on somebody is in one group, or not any more; all others stay. False where that was known.</summary>
    public static bool SetGroup(
        DbConnection connection, DbTransaction transaction, long person, long group, bool isIn, Workday from)
    {
        var spans = connection.Query<(int From, int? Until)>(
            "SELECT from_day, until FROM group_member WHERE person = @person AND people_group = @group", new { person, group },
            transaction).ToList();
        var wanted = spans.Where(s => s.From < from.Number)
            .Select(s => (s.From, Until: s.Until is null || s.Until >= from.Number ? isIn ? null : from.Number : s.Until)).ToList();
        if (isIn && !wanted.Exists(s => s.Until is null)) wanted.Add((from.Number, null));
        if (wanted.ToHashSet().SetEquals(spans)) return false;
        connection.Execute("DELETE FROM group_member WHERE person = @person AND people_group = @group", new { person, group },
            transaction);
        connection.Execute("INSERT INTO group_member (person, people_group, from_day, until) VALUES (@person, @group, @From, @Until)",
            wanted.Select(w => new { person, group, w.From, w.Until }), transaction);
        return true;
    }

    /// <summary>From a workday on somebody has another role; before it the one that was known.</summary>
    public static void SetRole(
        DbConnection connection, DbTransaction transaction, long person, string before, string role, Workday from)
    {
        if (string.Equals(before, role, StringComparison.Ordinal)) return;
        connection.Execute("DELETE FROM person_role WHERE person = @person AND from_day >= @from", new { person, from = from.Number },
            transaction);
        connection.Execute(
            "INSERT INTO person_role (person, from_day, role) VALUES (@person, @from, @role) ON CONFLICT (person, from_day) DO NOTHING",
            new[]
            {
                new { person, from = Workday.Beginning.Number, role = before }, new { person, from = from.Number, role },
            }, transaction);
    }

    /// <summary>
    /// Somebody belongs elsewhere from a workday on: what only some can earn is decided anew, when that workday begins or at once. Of a
    /// floor that has the change already.
    /// </summary>
    public static void Changed(DbConnection connection, DbTransaction transaction, long person, Workday from, long now) =>
        Changed(connection, transaction, [person], from, now);

    /// <summary>The same for several people at once.</summary>
    public static void Changed(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> people, Workday from, long now)
    {
        var snapshot = new CatalogueStore().Current(connection, transaction);
        if (!snapshot.Rules.Rules.Any(IsOfSome)) return;
        foreach (var facts in people.Select(p => snapshot.Floor.Person(new PersonKey(p))).OfType<FloorPerson>())
        {
            Due(facts, from, now);
            // When a workday of a later change begins depends on the site where the person is by then: it is looked at by each one's
            // clock.
            foreach (var day in facts.Places.Changes.Append(from).Where(d => facts.BegunThrough(now) < d))
                foreach (var site in snapshot.Floor.Sites) Due(facts, day, site.Clock.StartOf(day));
        }

        void Due(FloorPerson person, Workday day, long at) => WorkQueue.Enqueue(connection, transaction, Kind,
            string.Create(CultureInfo.InvariantCulture, $"{person.Key.Value}|{day.Number}|{at}"), Math.Max(now, at));
    }

    /// <summary>Whether it matters to a rule who belongs where.</summary>
    public static bool IsOfSome(RuleHistory rule) =>
        rule.HasAudience || rule.Versions.Any(v => v.Rule.IsByPlace());
}
