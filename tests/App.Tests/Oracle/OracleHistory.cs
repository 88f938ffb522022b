using NodaTime;
using NodaTime.Text;

namespace Laurel.App.Tests.Oracle;

/// <summary>One award, with the texts that <c>laurel awards</c> prints.</summary>
internal sealed record OracleAward(string Achievement, int Tier, string Person, string Period, string EarnedAt, string Value)
{
    public override string ToString() => $"{Achievement},{Tier},{Person},{Period},{EarnedAt},{Value}";
}

/// <summary>
/// The awards that a finished history holds, by brute force. The histories lie years back, so that every period is closed.
/// </summary>
internal sealed partial class OracleHistory
{
    private static readonly InstantPattern Printed = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    private readonly OracleSetup setup;
    /// <summary>The local date of each deed, worked out once.</summary>
    private readonly Dictionary<Deed, LocalDate> dates = new(ReferenceEqualityComparer.Instance);

    // Deeds in order of occurrence.
    private readonly ILookup<string, Deed> byPerson;
    private readonly ILookup<(string Person, LocalDate Date), Deed> byDay;

    public OracleHistory(OracleSetup setup, IEnumerable<Deed> deeds)
    {
        this.setup = setup;
        var all = deeds.ToList();
        all.Sort(Deed.ByOccurrence);
        foreach (var deed in all) dates[deed] = Instant.FromUnixTimeMilliseconds(deed.At).InZone(setup.Zone).Date;
        byPerson = all.ToLookup(deed => deed.Person);
        byDay = all.ToLookup(deed => (deed.Person, dates[deed]));
    }

    public IEnumerable<OracleAward> Awards() => setup.Achievements.SelectMany(Of);

    private IEnumerable<OracleAward> Of(OracleAchievement achievement) => achievement.Kind switch
    {
        "threshold" => Thresholds(achievement),
        "best-of-period" => Bests(achievement),
        "first-time" => Firsts(achievement),
        "personal-record" => Records(achievement),
        "improvement" => Improvements(achievement),
        "streak" => Rows(achievement),
        "collection" => Collected(achievement),
        _ => [],
    };

    /// <summary>Lines of <c>laurel values</c>: person, period, value.</summary>
    public IEnumerable<string> Values(string metric, string range)
    {
        var counted = setup.Metrics.Single(m => m.Id == metric);
        return from person in byPerson
               from period in counted.Of(person).GroupBy(deed => Period(range, dates[deed]))
               select $"{person.Key},{Name(period.Key)},{counted.Value([.. period])}";
    }

    private IEnumerable<OracleAward> Firsts(OracleAchievement achievement) =>
        from person in byPerson
        let first = person.FirstOrDefault(deed => achievement.Activities.Contains(deed.Type))
        where first is not null
        select new OracleAward(achievement.Id, 0, person.Key, "all", At(first.At), "1");

    private IEnumerable<OracleAward> Thresholds(OracleAchievement achievement) =>
        from person in byPerson
        from period in person.GroupBy(deed => Period(achievement.Range, dates[deed]))
        from tier in Enumerable.Range(0, achievement.Conditions.Max(condition => condition.Targets.Count))
        let met = achievement.Conditions.All(condition => condition.Metric.OnlyGrows)
            ? MetAtOnce(achievement, tier, [.. period])
            : MetAtTheEnd(achievement, tier, [.. period], period.Key)
        where met is not null
        select new OracleAward(achievement.Id, tier + 1, person.Key, Name(period.Key), met.Value.At, met.Value.Value);

    /// <summary>The first deed of the period, in order of occurrence, after which all conditions hold.</summary>
    private static (string At, string Value)? MetAtOnce(OracleAchievement achievement, int tier, IReadOnlyList<Deed> deeds)
    {
        // Conditions that can only begin to hold begin at a place each; all hold from the last of those places on.
        var places = achievement.Conditions.Select(condition => PlaceWhereMet(condition, tier, deeds)).ToList();
        if (places.Contains(null)) return null;
        var last = places.Max()!.Value;
        var main = achievement.Conditions[0].Metric;
        return (At(deeds[last].At), main.Value([.. main.Of(deeds.Take(last + 1))]).ToString());
    }

    private static int? PlaceWhereMet(OracleCondition condition, int tier, IReadOnlyList<Deed> deeds)
    {
        decimal running = 0;
        var counted = 0;
        for (var place = 0; place < deeds.Count; place++)
        {
            if (!condition.Metric.Of([deeds[place]]).Any()) continue;
            counted++;
            running = condition.Metric.Aggregate switch
            {
                "count" => counted,
                "sum" => running + deeds[place].Measures[condition.Metric.Measure!],
                "maximum" => Math.Max(running, deeds[place].Measures[condition.Metric.Measure!]),
                _ => throw new InvalidDataException($"{condition.Metric.Id} may shrink."),
            };
            if (counted >= condition.Sample && running >= condition.Targets[tier]) return place;
        }
        return null;
    }

    /// <summary>At the end of the period if all conditions hold; over all time, at the end of the first workday where they do.</summary>
    private (string At, string Value)? MetAtTheEnd(OracleAchievement achievement, int tier, IReadOnlyList<Deed> deeds, Span period)
    {
        // A workday without a deed of this person changes nothing for them.
        var ends = period == Span.All ? deeds.Select(deed => dates[deed]).Distinct().ToList() : [period.Last];
        foreach (var end in ends)
        {
            var until = deeds.Where(deed => dates[deed] <= end).ToList();
            var held = achievement.Conditions.All(condition =>
            {
                var own = condition.Metric.Of(until).ToList();
                return own.Count >= condition.Sample && condition.Metric.Value(own).AtLeast(condition.Targets[tier]);
            });
            var main = achievement.Conditions[0].Metric;
            if (held) return (EndOf(end), main.Value([.. main.Of(until)]).ToString());
        }
        return null;
    }

    private IEnumerable<OracleAward> Bests(OracleAchievement achievement) =>
        from period in PeriodsWithWork(achievement.Range)
        from winner in Winners(achievement, period)
        select new OracleAward(achievement.Id, 0, winner.Person, Name(period), EndOf(period.Last), winner.Value.ToString());

    private List<(string Person, Ratio Value, Deed Reached)> Winners(OracleAchievement achievement, Span period)
    {
        var metric = achievement.Metric!;
        var candidates = (from person in byPerson
                          let own = metric.Of(DatesOf(period).SelectMany(date => byDay[(person.Key, date)])).ToList()
                          where own.Count >= achievement.Sample
                          let value = metric.Value(own)
                          where achievement.Minimum is not { } minimum || value.AtLeast(minimum)
                          select (Person: person.Key, Value: value, Reached: Reached(metric, own, value))).ToList();
        if (candidates.Count == 0) return [];
        var best = achievement.Best == "highest" ? candidates.Max(c => c.Value) : candidates.Min(c => c.Value);
        var winners = candidates.Where(c => c.Value.CompareTo(best) == 0).ToList();
        if (achievement.Ties == "all" || !metric.OnlyGrows) return winners;
        winners.Sort((a, b) => Deed.ByOccurrence(a.Reached, b.Reached));
        return winners[..1];
    }

    /// <summary>The deed at which a value that only grows became what it was at the end.</summary>
    private static Deed Reached(OracleMetric metric, List<Deed> deeds, Ratio final) => metric.Aggregate switch
    {
        "sum" => deeds.LastOrDefault(deed => deed.Measures[metric.Measure!] != 0) ?? deeds[0],
        "maximum" => deeds.First(deed => deed.Measures[metric.Measure!] == final.Over),
        _ => deeds[^1],
    };

    /// <summary>Every period in which anybody did anything: for the last seven days, up to six days after the last deed.</summary>
    private IEnumerable<Span> PeriodsWithWork(string range)
    {
        var worked = dates.Values.Distinct().ToList();
        return range == "last-7-days"
            ? worked.SelectMany(date => Enumerable.Range(0, 7).Select(date.PlusDays)).Distinct()
                .Select(last => new Span(last.PlusDays(-6), last, last))
            : worked.Select(date => Period(range, date)).Distinct();
    }

    private Span Period(string range, LocalDate date)
    {
        var week = date.PlusDays(-(((int)date.DayOfWeek - (int)setup.WeekStart + 7) % 7));
        var month = date.With(DateAdjusters.StartOfMonth);
        return range switch
        {
            "all" => Span.All,
            "day" or "yesterday" => new(date, date, date),
            "week" => new(week, week.PlusDays(6), week),
            "month" => new(month, date.With(DateAdjusters.EndOfMonth), month),
            _ => throw new InvalidDataException($"The oracle knows no range {range}."),
        };
    }

    private static IEnumerable<LocalDate> DatesOf(Span period)
    {
        for (var date = period.First; date <= period.Last; date = date.PlusDays(1)) yield return date;
    }

    /// <summary>The first instant of the next workday.</summary>
    private string EndOf(LocalDate date) => Printed.Format(setup.Zone.AtStartOfDay(date.PlusDays(1)).ToInstant());

    private static string At(long milliseconds) => Printed.Format(Instant.FromUnixTimeMilliseconds(milliseconds));

    private static string Name(Span period) => period == Span.All ? "all" : LocalDatePattern.Iso.Format(period.Named);

    /// <summary>Whole dates, both ends included, and the date that a period is named after.</summary>
    private sealed record Span(LocalDate First, LocalDate Last, LocalDate Named)
    {
        public static readonly Span All = new(LocalDate.MinIsoValue, LocalDate.MaxIsoValue, LocalDate.MinIsoValue);
    }
}
