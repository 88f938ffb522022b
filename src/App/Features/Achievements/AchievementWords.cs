using System.Data.Common;
using System.Globalization;
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

    /// <summary>The value of an award in the unit of the metric that decided it; null where it has none worth telling.</summary>
    /// <param name="rule">The version by which it was earned.</param>
    public Figure? Value(AchievementBook book, Rule rule, Amount value) => rule switch
    {
        Threshold threshold => Figure(book, threshold.Conditions[0].Metric, value),
        BestOfPeriod best => Figure(book, best.Metric, value),
        PersonalRecord record => Figure(book, record.Metric, value),
        Improvement improvement => Figure(book, improvement.Metric, value),
        _ => null,
    };

    public ProgressLine? Line(AchievementBook book, Achievement achievement, Progress progress) => progress switch
    {
        TowardTier { Conditions.Count: 1 } toward => Toward(book, toward, achievement),
        TowardTier toward => new(L["{0} of {1} conditions met", toward.Conditions.Count(c => c.Met), toward.Conditions.Count],
            toward.Met && !toward.Live ? L["decided when the period ends"].Value : null),
        AllTiers => AllEarned(achievement),
        AgainstTheBest contest =>
            Contest(book, (BestOfPeriod)(book.History(achievement)?.Governing(contest.Period) ?? achievement.Rule), contest),
        AgainstOwnBest own => Own(book, own),
        OverTheLast period => Over(book, period),
        InARow row => Row(book, achievement, row),
        OfASet set => new(L["{0} of {1} badges", set.Earned.Count, set.Earned.Count + set.Missing.Count], null),
        NextDraw { At: { } at } => new(
            L["next draw {0}", clock.Say(DateTimeOffset.FromUnixTimeMilliseconds(at), TimeStyle.Near, L, within: true)], null),
        NextDraw => new(L["no draw is planned"], null),
        OpenProjects { Count: 0 } => new(L["no project is open"], null),
        OpenProjects open => new(L.Count(open.Count, "nobody yet in {0} open project", "nobody yet in {0} open projects"), null),
        FirstTimeProgress { Done: true } => new(L["Earned"], null),
        FirstTimeProgress => new(L["Not yet"], null),
        ByHand => new(L["Given by hand"], null),
        TowardGoal toward => Goal(book, toward),
        _ => null,
    };

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

    private ProgressLine Goal(AchievementBook book, TowardGoal toward) => toward.Condition is not { } goal
        ? new(L["No goal yet"], L["set one, and reaching it earns this badge"])
        : new(L["{0}: {1} of {2}", book.MetricName(goal.Metric), goal.Value is { } value ? Figure(book, goal.Metric, value) : "–",
            Figure(book, goal.Metric, goal.Target)],
            toward.IsMet && !book.Snapshot.Rules.Metric(goal.Metric).IsLive(goal.Comparison)
                ? L["decided when the period ends"].Value : null);

    private ProgressLine Toward(AchievementBook book, TowardTier toward, Achievement achievement)
    {
        var condition = toward.Conditions[0];
        var target = Figure(book, condition.Metric, condition.Target);
        if (toward.Met) return new(L["{0} reached", target], toward.Live ? null : L["decided when the period ends"].Value);
        if (condition.ToGo is { } toGo)
        {
            var value = Figure(book, condition.Metric, condition.Value ?? MetricValue.Of(Amount.Zero));
            // The unit is said once: "3:20 of 8:00 h" would be wrong where the first is minutes.
            var have = value.Unit == target.Unit ? value.Number : value.ToString();
            return new(Within(((Threshold)achievement.Rule).Range, have, target.ToString()),
                L["{0} to go", Figure(book, condition.Metric, toGo)]);
        }
        var goal = condition.Comparison is Comparison.AtLeast or Comparison.Above
            ? L["at least {0} needed", target]
            : L["at most {0} needed", target];
        if (condition.Value is not { } now) return new(L["Nothing counted yet"], goal);
        return new(L["{0} so far", Figure(book, condition.Metric, now)],
            condition.Count < condition.Sample ? L["{0} of {1} counted", condition.Count, condition.Sample] : goal);
    }

    private string Within(TimeRange range, string have, string target) => range switch
    {
        TimeRange.Day => L["{0} of {1} today", have, target],
        TimeRange.Week => L["{0} of {1} this week", have, target],
        TimeRange.Month => L["{0} of {1} this month", have, target],
        TimeRange.All => L["{0} of {1}", have, target],
    };

    private ProgressLine AllEarned(Achievement achievement) => new(achievement.Repeat switch
    {
        Repeat.Day => L["Earned today"],
        Repeat.Week => L["Earned this week"],
        Repeat.Month => L["Earned this month"],
        _ => achievement.Tiers > 0 ? L["All levels earned"] : L["Earned"],
    }, null);

    private ProgressLine Contest(AchievementBook book, BestOfPeriod rule, AgainstTheBest contest)
    {
        if (contest.Leads && contest.Own is { } mine) return new(L["Leading with {0}", Figure(book, rule.Metric, mine)], null);
        var leader = contest.Leader is { } best ? L["the best has {0}", Figure(book, rule.Metric, best)].Value : null;
        if (contest.Own is { } own) return new(L["{0} so far", Figure(book, rule.Metric, own)], leader ?? Minimum(book, rule));
        return new(L["Nothing counted yet"], leader);
    }

    private ProgressLine Own(AchievementBook book, AgainstOwnBest own)
    {
        var now = own.Now is { } value ? L["{0} so far", Figure(book, own.Metric, value)].Value : L["Nothing counted yet"].Value;
        if (own.Missing > 0) return new(now, L["more history needed first"]);
        if (own.Beaten) return new(L["A record so far: {0}", Figure(book, own.Metric, own.Now!.Value)], L["decided when the period ends"]);
        return new(now, own.Record is { } record ? L["your best is {0}", Figure(book, own.Metric, record)].Value : null);
    }

    private ProgressLine Over(AchievementBook book, OverTheLast over)
    {
        var now = over.Now is { } value ? L["{0} so far", Figure(book, over.Metric, value)].Value : L["Nothing counted yet"].Value;
        if (over.Needed is not { } needed) return new(now, L["nothing to compare with yet"]);
        var target = Figure(book, over.Metric, needed);
        return new(now, over.Met ? L["decided when the period ends"]
            : over.Best == Best.Highest ? L["at least {0} needed", target] : L["at most {0} needed", target]);
    }

    private ProgressLine Row(AchievementBook book, Achievement achievement, InARow row) => new(
        L["{0} of {1} in a row", row.Length, row.Target],
        row.IsMet || row.Length == 0 || (book.History(achievement)?.InForce(row.Period.First).Rule as Streak)?.Range is not { } range ? null
            : range == TimeRange.Day ? L["today is still open"].Value : L["this week is still open"].Value);

    private string? Minimum(AchievementBook book, BestOfPeriod rule) =>
        rule.Minimum is { } minimum ? L["at least {0} needed", Figure(book, rule.Metric, minimum)].Value : null;

    /// <summary>What earns it, line by line.</summary>
    /// <param name="isSecret">Whether another achievement has no name for the reader.</param>
    public IEnumerable<RuleFact> Facts(AchievementBook book, Achievement achievement, Func<Achievement, bool> isSecret)
    {
        switch (achievement.Rule)
        {
            case Threshold threshold:
                foreach (var condition in threshold.Conditions)
                {
                    var targets = List([.. condition.Targets.Select(t => Figure(book, condition.Metric, t).ToString())]);
                    yield return new(book.MetricName(condition.Metric), condition.Comparison switch
                    {
                        Comparison.AtLeast => L["at least {0}", targets],
                        Comparison.AtMost => L["at most {0}", targets],
                        Comparison.Above => L["above {0}", targets],
                        Comparison.Below => L["below {0}", targets],
                    });
                    if (condition.Sample > 1) yield return new(L["Counted at least"], L.Count(condition.Sample, "{0} time", "{0} times"));
                }
                yield return new(L["Period"], Range(threshold.Range));
                break;
            case BestOfPeriod best:
                yield return new(book.MetricName(best.Metric),
                    best.Best == Best.Highest ? L["the highest of all"] : L["the lowest of all"]);
                yield return new(L["Period"], best.Period switch
                {
                    BestPeriod.Yesterday => L["each day"],
                    BestPeriod.Last7Days => L["the last seven days, each day"],
                    BestPeriod.Week => L["each week"],
                    BestPeriod.Month => L["each month"],
                });
                if (best.Minimum is { } minimum) yield return new(L["Minimum"], Figure(book, best.Metric, minimum).ToString());
                if (best.Sample > 1) yield return new(L["Counted at least"], L.Count(best.Sample, "{0} time", "{0} times"));
                break;
            case PersonalRecord record:
                yield return new(book.MetricName(record.Metric),
                    record.Best == Best.Highest ? L["the highest so far"] : L["the lowest so far"]);
                yield return new(L["Period"], Range(record.Range));
                yield return new(L["Earlier periods needed"], record.After.ToString(CultureInfo.CurrentCulture));
                if (record.Minimum is { } least) yield return new(L["Minimum"], Figure(book, record.Metric, least).ToString());
                if (record.Sample > 1) yield return new(L["Counted at least"], L.Count(record.Sample, "{0} time", "{0} times"));
                break;
            case Improvement improvement:
                var percents = List([.. improvement.Percents.Select(p => Percent(p.ToDecimal()))]);
                yield return new(book.MetricName(improvement.Metric),
                    improvement.Best == Best.Highest ? L["higher by {0}", percents] : L["lower by {0}", percents]);
                yield return new(L["Period"], Range(improvement.Range));
                if (improvement.Sample > 1) yield return new(L["Counted at least"], L.Count(improvement.Sample, "{0} time", "{0} times"));
                break;
            case Streak streak:
                foreach (var condition in streak.Conditions)
                {
                    var target = Figure(book, condition.Metric, condition.Targets[0]);
                    yield return new(book.MetricName(condition.Metric),
                        condition.Comparison == Comparison.AtLeast ? L["at least {0}", target] : L["at most {0}", target]);
                    if (condition.Sample > 1) yield return new(L["Counted at least"], L.Count(condition.Sample, "{0} time", "{0} times"));
                }
                yield return new(streak.Range == TimeRange.Day ? L["Workdays in a row"] : L["Weeks in a row"], Lengths(streak));
                break;
            case FirstTime first:
                yield return new(L["The first"], List([.. first.Activities.Select(book.TypeName)]));
                break;
            case LuckyDraw draw:
                yield return new(L["Drawn"], L["each day at {0}, one of those who are online", draw.Time]);
                yield return new(L["Chance"], Chance(draw.Chance));
                break;
            case FirstInProject first:
                yield return new(L["The first in a project"], List([.. first.Activities.Select(book.TypeName)]));
                yield return new(L["Projects"], L["made after it was switched on, one winner each"]);
                break;
            case FullCollection collection:
                yield return new(L["All of these"], Names([.. collection.Of.Select(a => book.Of(a.Value))], isSecret));
                break;
            case PersonalGoal goal:
                yield return new(L["A goal of"], goal.Of.Count == 0 ? L["any metric"] : List([.. goal.Of.Select(book.MetricName)]));
                yield return new(L["Set"], goal.SetBy switch
                {
                    GoalSetBy.Anybody => L["by oneself or by the leader"],
                    GoalSetBy.Person => L["by oneself"],
                    GoalSetBy.Leader => L["by the leader"],
                    GoalSetBy.Agreement => L["and agreed on by both"],
                });
                if (goal.Period is { } period) yield return new(L["Period"], Range(period));
                break;
            case Manual:
                yield return new(L["Given"], L["by a person, with a note"]);
                break;
        }
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

    /// <summary>Those that are a surprise are told by their number.</summary>
    private string Names(List<Achievement> all, Func<Achievement, bool> isSecret)
    {
        var secrets = all.RemoveAll(a => isSecret(a));
        IEnumerable<string> names = all.Select(a => a.Name.ToString());
        if (secrets > 0) names = names.Append(L.Count(secrets, "{0} hidden badge", "{0} hidden badges"));
        return string.Join(", ", names);
    }

    /// <summary>"somebody wins in 1 of 30 draws".</summary>
    public string Chance(Chance chance) => chance.Wins == 1
        ? L.Count(chance.Of, "somebody wins in each draw", "somebody wins in 1 of {0} draws")
        : L["somebody wins in {0} of draws", Percent(new Amount(chance.Wins).ToDecimal())];

    /// <summary>"5, 10 or 20", of one level or of all.</summary>
    public string Lengths(Streak streak) => List([.. streak.Lengths.Select(n => n.ToString(CultureInfo.CurrentCulture))]);

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

    private string Range(TimeRange range) => range switch
    {
        TimeRange.Day => L["one day"],
        TimeRange.Week => L["one week"],
        TimeRange.Month => L["one month"],
        TimeRange.All => L["all time"],
    };

    /// <summary>When an award was for: its day, week or month; null for those of all time.</summary>
    public string? Period(WorkdaySpan days)
    {
        var length = days.Last.Number - days.First.Number;
        if (length > 31) return null;
        var (first, last) = (Date(days.First), Date(days.Last));
        if (length == 0) return clock.Say(first, L);
        if (first.Day == 1 && last.Day == DateTime.DaysInMonth(last.Year, last.Month) && first.Month == last.Month)
            return Capital(first.ToString("y", CultureInfo.CurrentCulture));
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

    /// <summary>The metric and the value: "your 50th call" would need grammar that the organisation's words do not give.</summary>
    public string? Because(AchievementBook book, EarnedAward award)
    {
        var rule = book.RuleOf(award);
        return rule switch
        {
            Threshold threshold => $"{book.MetricName(threshold.Conditions[0].Metric)}: {Value(book, rule, award.Value)}",
            BestOfPeriod best => $"{book.MetricName(best.Metric)}: {Value(book, rule, award.Value)}",
            PersonalRecord record => $"{book.MetricName(record.Metric)}: {Value(book, rule, award.Value)}",
            Improvement improvement => $"{book.MetricName(improvement.Metric)}: {Value(book, rule, award.Value)}",
            Streak { Range: TimeRange.Day } => L.Count((long)award.Value.ToDecimal(), "{0} workday in a row", "{0} workdays in a row"),
            Streak => L.Count((long)award.Value.ToDecimal(), "{0} week in a row", "{0} weeks in a row"),
            LuckyDraw => L["Drawn by chance"],
            FirstInProject => L["The first in the project {0}", award.Project ?? award.Occasion],
            PersonalGoal => L["A goal of one's own"],
            FullCollection collection => L.Count(collection.Of.Count, "{0} badge together", "{0} badges together"),
            FirstTime first => L["The first: {0}", List([.. first.Activities.Select(book.TypeName)])],
            _ => award.Note,
        };
    }

    private static DateOnly Date(Workday day) => new(day.Date.Year, day.Date.Month, day.Date.Day);

    private static string Capital(string word) =>
        word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.CurrentCulture) + word[1..];
}
