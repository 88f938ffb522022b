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
        var waiting = new HashSet<(AchievementKey Rule, PersonKey Person)>();
        while (true)
        {
            foreach (var (achievement, person) in touched.Take())
                foreach (var rule in snapshot.Rules.FollowersOf(achievement)) waiting.Add((rule.Achievement, person));
            if (waiting.Count == 0) return made;
            // Each after all that it follows: what is made by something that is about to go would have to be flagged at once.
            var byTurn = waiting.Select(w => (Rule: snapshot.Rules.Rule(w.Rule)!, w.Person)).GroupBy(w => snapshot.Rules.TurnOf(w.Rule));
            var next = byTurn.MinBy(g => g.Key)!.OrderBy(w => w.Rule.Achievement.Value).ThenBy(w => w.Person).ToList();
            waiting.ExceptWith(next.Select(w => (w.Rule.Achievement, w.Person)));
            made.AddRange(EvaluatePerson.Run(connection, transaction, snapshot,
                [.. next.Select(w => (w.Rule, w.Person, everything))], now, touched));
        }
    }
}
