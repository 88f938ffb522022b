using System.Data.Common;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>Awards that were made, moved or flagged.</summary>
public sealed class TouchedAwards
{
    private readonly HashSet<(AchievementKey, PersonKey)> all = [];

    public void Add(AchievementKey achievement, PersonKey person) => all.Add((achievement, person));

    public List<(AchievementKey Achievement, PersonKey Person)> Take()
    {
        var taken = all.OrderBy(t => t.Item1.Value).ThenBy(t => t.Item2).ToList();
        all.Clear();
        return taken;
    }
}

/// <summary>
/// Decides what follows from awards, once these have been decided: the next step of a path, and collections. In the same transaction, which
/// holds the people, until nothing follows any more: no rule follows from itself.
/// </summary>
public static class Followers
{
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, TouchedAwards touched, long now)
    {
        var made = new List<NewAward>();
        if (!snapshot.Rules.HasFollowers) return made;
        var everything = new WorkdaySpan(Workday.Beginning, Workday.End);
        for (var changed = touched.Take(); changed.Count > 0; changed = touched.Take())
            foreach (var (rule, person) in changed
                .SelectMany(c => snapshot.Rules.FollowersOf(c.Achievement).Select(rule => (rule, c.Person))).Distinct())
                made.AddRange(EvaluatePerson.Run(connection, transaction, snapshot, rule, person, everything, now, touched));
        return made;
    }
}
