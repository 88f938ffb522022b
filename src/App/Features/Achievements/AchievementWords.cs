using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements;

/// <summary>How far one is, in words: "27 of 30 this week", and what is missing.</summary>
public readonly record struct ProgressLine(string Lead, string? Rest)
{
    public override string ToString() => Rest is null ? Lead : $"{Lead} · {Rest}";
}

/// <summary>A line about a rule: what, and how it is.</summary>
public readonly record struct RuleFact(string Name, string Value);

/// <summary>Says rules, progress and periods in the reader's language.</summary>
public sealed class AchievementWords(IStringLocalizer<Ui> texts, PersonClock clock, Rarity rarity, Onlooker looker)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    public Figure Figure(AchievementBook book, MetricKey metric, MetricValue value) =>
        Platform.Localisation.Figure.Of(book.Snapshot.Rules.Metric(metric).Unit, value, L);

    public Figure Figure(AchievementBook book, MetricKey metric, Amount amount) =>
        Platform.Localisation.Figure.Of(book.Snapshot.Rules.Metric(metric).Unit, amount, L);

    /// <summary>What kinds of rule say themselves with.</summary>
    public RuleWords Over(AchievementBook book) => new(L, this, clock, book);

    /// <summary>The value of an award in the unit of the metric that decided it; null where it has none worth telling.</summary>
    /// <param name="rule">The version by which it was earned.</param>
    public Figure? Value(AchievementBook book, Rule rule, Amount value) => RuleKinds.Of(rule).Value(Over(book), rule, value);

    public ProgressLine? Line(AchievementBook book, Achievement achievement, Progress progress) => progress is AllTiers
        ? AllEarned(achievement)
        : RuleKinds.Of(achievement.Rule).Line(Over(book), achievement, progress);

    /// <summary>"about 3 days at your pace"; null where that cannot be said.</summary>
    /// <param name="own">Whether it is told to the person.</param>
    public string? Pace(DbConnection connection, AchievementBook book, PersonKey person, Progress? progress, Workday today, bool own = true)
    {
        if (progress is not TowardTier toward) return null;
        var days = Engine.Achievements.Pace.DaysFor(toward, metric => Metrics.RollupStore.OfPerson(connection,
            book.Snapshot.Rules.Metric(metric), person, new(today.Plus(-Engine.Achievements.Pace.Window), today)), today);
        return days is not { } so ? null
            : own ? L.Count(so, "about {0} day at your pace", "about {0} days at your pace")
            : L.Count(so, "about {0} day at this pace", "about {0} days at this pace");
    }

    private ProgressLine AllEarned(Achievement achievement) => new(achievement.Repeat switch
    {
        Repeat.Day => L["Earned today"],
        Repeat.Week => L["Earned this week"],
        Repeat.Month => L["Earned this month"],
        _ => achievement.Tiers > 0 ? L["All levels earned"] : L["Earned"],
    }, null);

    /// <summary>What earns it, line by line.</summary>
    /// <param name="isSecret">Whether another achievement has no name for the reader.</param>
    public IEnumerable<RuleFact> Facts(AchievementBook book, Achievement achievement, Func<Achievement, bool> isSecret)
    {
        foreach (var fact in RuleKinds.Of(achievement.Rule).Facts(Over(book), achievement.Rule, isSecret)) yield return fact;
        yield return new(L["Can be earned"], achievement.Repeat switch
        {
            Repeat.Once => L["once"],
            Repeat.Day => L["every day"],
            Repeat.Week => L["every week"],
            Repeat.Month => L["every month"],
            Repeat.EveryTime => L["every time"],
        });
        if (achievement.Tenure == Tenure.Holder) yield return new(L["It stays"], L["with its holder until somebody else wins it"]);
        if (achievement.Tenure == Tenure.Period)
            yield return new(L["It stays"], achievement.Repeat switch
            {
                Repeat.Day => L["until the day is over"],
                Repeat.Week => L["until the week is over"],
                _ => L["until the month is over"],
            });
    }

    /// <summary>"somebody wins in 1 of 30 draws".</summary>
    public string Chance(Chance chance) => chance.Wins == 1
        ? L.Count(chance.Of, "somebody wins in each draw", "somebody wins in 1 of {0} draws")
        : L["somebody wins in {0} of draws", Percent(new Amount(chance.Wins).ToDecimal())];

    /// <summary>"50, 55 or 65".</summary>
    public string List(IReadOnlyList<string> items) =>
        items.Count == 1 ? items[0] : L["{0} or {1}", string.Join(", ", items.SkipLast(1)), items[^1]];

    public string Range(GoalPeriod period) => period switch
    {
        GoalPeriod.Day => L["one day"],
        GoalPeriod.Week => L["one week"],
        GoalPeriod.Month => L["one month"],
        GoalPeriod.Once => L["up to a date"],
    };

    /// <summary>When an award was for: its day, week or month; null for those of all time.</summary>
    public string? Period(WorkdaySpan days)
    {
        var length = days.Last.Number - days.First.Number;
        if (length > 31) return null;
        var (first, last) = (Date(days.First), Date(days.Last));
        if (length == 0) return clock.Say(first, L);
        if (first.Day == 1 && last.Day == DateTime.DaysInMonth(last.Year, last.Month) && first.Month == last.Month)
            return RuleWords.Capital(first.ToString("y", CultureInfo.CurrentCulture));
        return $"{clock.Say(first, L)} – {clock.Say(last, L, within: true)}";
    }

    /// <summary>"9% of colleagues have reached level II": where all levels are in sight "it" would not say which.</summary>
    public string Reached(DbConnection connection, AchievementBook book, Achievement achievement, int tier)
    {
        if (achievement.Tiers == 0) return Rarity(connection, book, achievement, tier).TrimEnd('.');
        if (Rounded(connection, book, achievement, tier) is not { } share) return "";
        var (level, ofTeam) = (Achievement.Roman(tier), looker.SeesOwnTeamOnly(book));
        return share switch
        {
            0 => HasPassed(connection, book, achievement, tier)
                ? L["Nobody holds level {0} at the moment", level] : L["Nobody has reached level {0} yet", level],
            100 => L["Everybody has reached level {0}", level],
            < 1 => ofTeam ? L["Fewer than {0} of your team have reached level {1}", Percent(1), level]
                : L["Fewer than {0} of colleagues have reached level {1}", Percent(1), level],
            _ => ofTeam ? L["{0} of your team have reached level {1}", Percent(share), level]
                : L["{0} of colleagues have reached level {1}", Percent(share), level],
        };
    }

    /// <summary>"9% of colleagues hold it."; nothing to a reader who does not see what others hold.</summary>
    public string Rarity(DbConnection connection, AchievementBook book, Achievement achievement, int tier)
    {
        if (Rounded(connection, book, achievement, tier) is not { } share) return "";
        var ofTeam = looker.SeesOwnTeamOnly(book);
        return share switch
        {
            0 => HasPassed(connection, book, achievement, tier) ? L["Nobody holds it at the moment."] : L["Nobody holds it yet."],
            100 => L["Everybody holds it."],
            < 1 => ofTeam ? L["Fewer than {0} of your team hold it.", Percent(1)] : L["Fewer than {0} of colleagues hold it.", Percent(1)],
            _ => ofTeam ? L["{0} of your team hold it.", Percent(share)] : L["{0} of colleagues hold it.", Percent(share)],
        };
    }

    /// <summary>One that lapses may have been earned by many, though nobody holds it.</summary>
    private bool HasPassed(DbConnection connection, AchievementBook book, Achievement achievement, int tier) =>
        achievement.Tenure != Tenure.Permanent
        && Holdings.WasEarned(connection, achievement, looker.Covers(book, "p"), looker, tier);

    /// <summary>Whole percents; half of one where it is less than one, and null where the reader sees nobody.</summary>
    private decimal? Rounded(DbConnection connection, AchievementBook book, Achievement achievement, int tier)
    {
        if (!looker.SeesOthers(book) || achievement.IsPrivate) return null;
        var share = rarity.Share(connection, book, looker, achievement, tier);
        if (share <= 0) return 0;
        var rounded = (decimal)Math.Round(share, MidpointRounding.AwayFromZero);
        return rounded < 1 ? 0.5m : rounded;
    }

    public string Percent(decimal percent) => Platform.Localisation.Figure.Of(Unit.Percent, Amount.Of(percent)!.Value, L).ToString();

    /// <summary>What brought an award; null where nothing is to be told.</summary>
    public string? Because(AchievementBook book, EarnedAward award) =>
        book.RuleOf(award) is var rule ? RuleKinds.Of(rule).Because(Over(book), rule, award) : null;

    private static DateOnly Date(Workday day) => new(day.Date.Year, day.Date.Month, day.Date.Day);
}
