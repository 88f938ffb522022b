using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// Which achievements somebody may make and change: whoever manages those of the whole organisation all of them, others those that only
/// people within their reach can earn. Metrics, paths, the order and recalculations are the whole organisation's.
/// </summary>
public sealed class ManagedReach(DbConnection connection, AchievementBook book, CurrentPerson me)
{
    private readonly Lazy<List<(FloorPerson Person, bool IsReached)>> active = new(() =>
    {
        var scope = me.ScopeOf(Permissions.AchievementsManage);
        var all = connection.Query<long>("SELECT key FROM person WHERE active = 1").ToHashSet();
        var reached = connection.Query<long>($"SELECT p.key FROM person p WHERE {scope.Covers("p.key")}", scope.With()).ToHashSet();
        return [.. book.Snapshot.Floor.People.Where(p => all.Contains(p.Key.Value)).Select(p => (p, reached.Contains(p.Key.Value)))];
    });

    /// <summary>Whether the person manages achievements of the whole organisation.</summary>
    public bool IsWhole { get; } = me.MaySee();

    /// <summary>Whether the person may change it.</summary>
    public bool Covers(Achievement achievement) =>
        me.May(Permissions.AchievementsManage) && (IsWhole || Covers(book.History(achievement)?.Versions[^1].Audience));

    /// <summary>Whether somebody can earn what is for this audience today, and nobody out of reach.</summary>
    public bool Covers(Audience? audience)
    {
        if (IsWhole) return true;
        // Roles alone name people all over the organisation, whoever has them today.
        if (audience is not { } some || some.Teams.Count + some.Groups.Count == 0) return false;
        var members = active.Value.Where(p => p.Person.Places.IsIn(some, new Workday(me.Today))).ToList();
        return members.Count > 0 && members.TrueForAll(p => p.IsReached);
    }
}
