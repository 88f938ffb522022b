namespace Laurel.App.Tests.Oracle;

/// <summary>Kinds in which one period follows from the others of the same person, and what follows from badges.</summary>
internal sealed partial class OracleHistory
{
    private IEnumerable<OracleAward> Records(OracleAchievement achievement)
    {
        Highest(achievement);
        foreach (var person in byPerson)
        {
            var earlier = new List<Ratio>();
            foreach (var (period, value) in Periods(achievement, person))
            {
                if (earlier.Count >= achievement.After && earlier.TrueForAll(before => value.CompareTo(before) > 0)
                    && !(achievement.Minimum is { } minimum && !value.AtLeast(minimum)))
                    yield return new(achievement.Id, 0, person.Key, Name(period), EndOf(period.Last), value.ToString());
                earlier.Add(value);
            }
        }
    }

    private IEnumerable<OracleAward> Improvements(OracleAchievement achievement)
    {
        Highest(achievement);
        return from person in byPerson
               let periods = Periods(achievement, person).ToList()
               from now in periods
               from before in periods
               where before.Period.Last.PlusDays(1) == now.Period.First && before.Value.Over > 0
               from tier in Enumerable.Range(0, achievement.Percent.Count)
                   // now >= before * (100 + percent) / 100, without dividing.
               where now.Value.CompareTo(new(before.Value.Over * (100 + achievement.Percent[tier]), before.Value.Under * 100)) >= 0
               select new OracleAward(achievement.Id, tier + 1, person.Key, Name(now.Period), EndOf(now.Period.Last), now.Value.ToString());
    }

    /// <summary>Of each length the first row that comes to be so long; a period without any deed goes unseen.</summary>
    private IEnumerable<OracleAward> Rows(OracleAchievement achievement)
    {
        foreach (var person in byPerson)
        {
            var (length, earned) = (0, 0);
            foreach (var period in person.GroupBy(deed => Period(achievement.Range, dates[deed])).OrderBy(p => p.Key.First))
            {
                var met = MetAtOnce(achievement, 0, [.. period]);
                length = met is null ? 0 : length + 1;
                for (; met is not null && earned < achievement.Lengths.Count && length >= achievement.Lengths[earned]; earned++)
                    yield return new(achievement.Id, earned + 1, person.Key, "all", met.Value.At, $"{length}");
            }
        }
    }

    private IEnumerable<OracleAward> Collected(OracleAchievement achievement)
    {
        var awards = achievement.Of.Select(id => Of(setup.Achievements.Single(a => a.Id == id))
            .GroupBy(award => award.Person, award => award.EarnedAt)
            .ToDictionary(own => own.Key, own => own.Min(StringComparer.Ordinal)!)).ToList();
        foreach (var person in byPerson)
            if (awards.TrueForAll(own => own.ContainsKey(person.Key)))
            {
                var last = awards.ConvertAll(own => own[person.Key]).Max(StringComparer.Ordinal)!;
                yield return new(achievement.Id, 0, person.Key, "all", last, $"{awards.Count}");
            }
    }

    private IEnumerable<(Span Period, Ratio Value)> Periods(OracleAchievement achievement, IEnumerable<Deed> deeds) =>
        from period in achievement.Metric!.Of(deeds).GroupBy(deed => Period(achievement.Range, dates[deed]))
        orderby period.Key.First
        select (period.Key, achievement.Metric.Value([.. period]));

    private static void Highest(OracleAchievement achievement)
    {
        if (achievement.Best != "highest") throw new InvalidDataException("The oracle knows only what is best when it is highest.");
    }
}
