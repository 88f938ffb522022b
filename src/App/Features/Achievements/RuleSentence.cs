using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// A rule as one sentence in the reader's language. The organisation's own names stand in quotation marks in their basic form, so
/// that no language has to decline them.
/// </summary>
public sealed class RuleSentence(IStringLocalizer<Ui> texts, AchievementWords words)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>"“Calls answered” reaches 50, 55 or 65 in one week. Every week anew."</summary>
    public string Of(AchievementBook book, Rule rule, Repeat repeat) => rule switch
    {
        Threshold threshold => Capital($"{Within(threshold.Range, Conditions(book, threshold))} {Again(repeat)}".TrimEnd()),
        BestOfPeriod best => Contest(book, best),
        PersonalRecord record => Record(book, record),
        Improvement improvement => Improved(book, improvement),
        Streak streak => InARow(book, streak, repeat),
        FirstTime first => L["The first activity of the kind {0}.",
            words.List([.. first.Activities.Select(type => Quoted(book.TypeName(type)))])],
        LuckyDraw draw => L["Once a day at {0} one of those who are online is drawn; {1}.", draw.Time, words.Chance(draw.Chance)],
        FirstInProject first => L["The first person in a new project with an activity of the kind {0}. Once in each project.",
            words.List([.. first.Activities.Select(type => Quoted(book.TypeName(type)))])],
        FullCollection collection => L["All of these: {0}.",
            string.Join(", ", collection.Of.Select(a => Quoted(book.Of(a.Value).Name.ToString())))],
        PersonalGoal goal => Goal(book, goal),
        Manual => L["Given by a person, with a note."],
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    private string Record(AchievementBook book, PersonalRecord record)
    {
        var name = Quoted(book.MetricName(record.Metric));
        var highest = record.Best == Best.Highest;
        string said = record.Range switch
        {
            TimeRange.Day => highest ? L["A personal best: the highest {0} of one day so far", name]
                : L["A personal best: the lowest {0} of one day so far", name],
            TimeRange.Week => highest ? L["A personal best: the highest {0} of one week so far", name]
                : L["A personal best: the lowest {0} of one week so far", name],
            TimeRange.Month or TimeRange.All =>
                highest ? L["A personal best: the highest {0} of one month so far", name]
                    : L["A personal best: the lowest {0} of one month so far", name],
        };
        if (record.Minimum is { } minimum)
            said = highest ? L["{0}, at least {1}", said, words.Figure(book, record.Metric, minimum)]
                : L["{0}, at most {1}", said, words.Figure(book, record.Metric, minimum)];
        if (record.Sample > 1) said = $"{said} ({Sample(record.Sample)})";
        return $"{said.TrimEnd('.')}. " + record.Range switch
        {
            TimeRange.Day => L.Count(record.After, "Counts after {0} earlier day.", "Counts after {0} earlier days."),
            TimeRange.Week => L.Count(record.After, "Counts after {0} earlier week.", "Counts after {0} earlier weeks."),
            TimeRange.Month or TimeRange.All =>
                L.Count(record.After, "Counts after {0} earlier month.", "Counts after {0} earlier months."),
        };
    }

    private string Improved(AchievementBook book, Improvement improvement)
    {
        var name = Quoted(book.MetricName(improvement.Metric));
        var percents = words.List([.. improvement.Percents.Select(p => words.Percent(p.ToDecimal()))]);
        var higher = improvement.Best == Best.Highest;
        string said = improvement.Range switch
        {
            TimeRange.Day => higher ? L["{0} is higher by {1} than the day before", name, percents]
                : L["{0} is lower by {1} than the day before", name, percents],
            TimeRange.Week => higher ? L["{0} is higher by {1} than the week before", name, percents]
                : L["{0} is lower by {1} than the week before", name, percents],
            TimeRange.Month or TimeRange.All => higher ? L["{0} is higher by {1} than the month before", name, percents]
                : L["{0} is lower by {1} than the month before", name, percents],
        };
        return improvement.Sample > 1 ? $"{said} ({Sample(improvement.Sample)})." : $"{said}.";
    }

    private string InARow(AchievementBook book, Streak streak, Repeat repeat)
    {
        var (conditions, lengths) = (Conditions(book, streak.OfPeriod()), words.Lengths(streak));
        string said = streak.Range == TimeRange.Day
            ? L["{0} on {1} workdays in a row; days off do not count.", Capital(conditions), lengths]
            : L["{0} in {1} weeks in a row; weeks off do not count.", Capital(conditions), lengths];
        return repeat == Repeat.Once ? said : $"{said} {L["Again with every new row."]}";
    }

    private string Conditions(AchievementBook book, Threshold threshold)
    {
        var said = threshold.Conditions.Select(c => Condition(book, c)).ToList();
        return said.Count == 1 ? said[0] : L["{0} and {1}", string.Join(", ", said.SkipLast(1)), said[^1]];
    }

    private string Condition(AchievementBook book, Condition condition)
    {
        var name = Quoted(book.MetricName(condition.Metric));
        // A condition that asks the same of every tier says it once.
        var targets = words.List([.. condition.Targets.Select(t => words.Figure(book, condition.Metric, t).ToString()).Distinct()]);
        string said = condition.Comparison switch
        {
            Comparison.AtLeast => L["{0} reaches {1}", name, targets],
            Comparison.AtMost => L["{0} is at most {1}", name, targets],
            Comparison.Above => L["{0} is above {1}", name, targets],
            Comparison.Below => L["{0} is below {1}", name, targets],
        };
        return condition.Sample > 1 ? $"{said} ({Sample(condition.Sample)})" : said;
    }

    private string Within(TimeRange range, string conditions) => range switch
    {
        TimeRange.Day => L["{0} in one day.", conditions],
        TimeRange.Week => L["{0} in one week.", conditions],
        TimeRange.Month => L["{0} in one month.", conditions],
        TimeRange.All => L["{0} over all time.", conditions],
    };

    private string Again(Repeat repeat) => repeat switch
    {
        Repeat.Once => "",
        Repeat.Day => L["Every day anew."],
        Repeat.Week => L["Every week anew."],
        Repeat.Month => L["Every month anew."],
        Repeat.EveryTime => L["Again at every multiple."],
    };

    private string Goal(AchievementBook book, PersonalGoal goal)
    {
        string said = goal.SetBy switch
        {
            GoalSetBy.Anybody => L["A personal goal is reached"],
            GoalSetBy.Person => L["A goal that one has set oneself is reached"],
            GoalSetBy.Leader => L["A goal that the leader has set is reached"],
            GoalSetBy.Agreement => L["A goal that both have agreed on is reached"],
        };
        if (goal.Of.Count > 0) said = L["{0}: {1}", said, words.List([.. goal.Of.Select(id => Quoted(book.MetricName(id)))])];
        if (goal.Period is not { } period) return $"{said}.";
        return period switch
        {
            GoalPeriod.Day => L["{0}. Only daily goals count.", said],
            GoalPeriod.Week => L["{0}. Only weekly goals count.", said],
            GoalPeriod.Month => L["{0}. Only monthly goals count.", said],
            GoalPeriod.Once => L["{0}. Only goals until a date count.", said],
        };
    }

    private string Contest(AchievementBook book, BestOfPeriod best)
    {
        var name = Quoted(book.MetricName(best.Metric));
        var highest = best.Best == Best.Highest;
        string said = best.Period switch
        {
            BestPeriod.Yesterday => highest ? L["The highest {0} of each day", name] : L["The lowest {0} of each day", name],
            BestPeriod.Last7Days => highest
                ? L["The highest {0} of the last seven days, found each day", name]
                : L["The lowest {0} of the last seven days, found each day", name],
            BestPeriod.Week => highest ? L["The highest {0} of each week", name] : L["The lowest {0} of each week", name],
            BestPeriod.Month => highest ? L["The highest {0} of each month", name] : L["The lowest {0} of each month", name],
        };
        if (best.Minimum is { } minimum) said = L["{0}, at least {1}", said, words.Figure(book, best.Metric, minimum)];
        if (best.Sample > 1) said = $"{said} ({Sample(best.Sample)})";
        // A unit such as "sek." brings the sentence's dot along.
        return best.Ties == Ties.Earliest ? L["{0}. Of equals the earliest wins.", said.TrimEnd('.')] : $"{said.TrimEnd('.')}.";
    }

    private string Sample(int sample) => L.Count(sample, "counted at least {0} time", "counted at least {0} times");
    private string Quoted(string name) => L["“{0}”", name];
    private static string Capital(string said) => char.ToUpper(said[0], System.Globalization.CultureInfo.CurrentCulture) + said[1..];
}
