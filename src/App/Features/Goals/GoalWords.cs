using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Goals;

/// <summary>Says goals in the reader's language.</summary>
public sealed class GoalWords(IStringLocalizer<Ui> texts, AchievementWords words, PersonClock clock)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>"at least 20, every week".</summary>
    public string Asks(AchievementBook book, KeptGoal goal, Amount target)
    {
        var figure = words.Figure(book, goal.Metric, target);
        string asked = goal.Comparison == Comparison.AtLeast ? L["at least {0}", figure] : L["at most {0}", figure];
        return goal.Period switch
        {
            GoalPeriod.Day => L["{0} every day", asked],
            GoalPeriod.Week => L["{0} every week", asked],
            GoalPeriod.Month => L["{0} every month", asked],
            GoalPeriod.Once => L["{0} until {1}", asked, Date(goal.Until!.Value)],
        };
    }

    /// <summary>"12 of 20".</summary>
    public string Standing(AchievementBook book, PeriodOfGoal period) => L["{0} of {1}", Value(book, period),
        words.Figure(book, period.Terms.Metric, period.Terms.Target)];

    public string Value(AchievementBook book, PeriodOfGoal period) =>
        period.Value is { } value ? words.Figure(book, period.Terms.Metric, value).ToString() : "–";

    public (string Text, Tone Tone, string Icon) State(GoalState state) => state switch
    {
        GoalState.Ahead => (L["Still to come"], Tone.Plain, "clock"),
        GoalState.Running => (L["Running"], Tone.Brand, "target"),
        GoalState.Reached => (L["Reached"], Tone.Good, "check-circle"),
        GoalState.Missed => (L["Not reached"], Tone.Plain, "circle"),
        GoalState.NoData => (L["No data"], Tone.Plain, "minus"),
        GoalState.GivenUp => (L["Closed before its end"], Tone.Plain, "x"),
    };

    /// <summary>What is told first of a goal: that somebody waits, or how the two sides stand.</summary>
    public (string Text, Tone Tone, string Icon)? Standing(GoalView goal, bool leader)
    {
        if (goal.Kept.Closed is not null) return (L["Closed"], Tone.Plain, "x");
        if (goal.WaitsFor(leader) && (goal.Agreement.Open!.Kind == "proposed" || !leader))
            return (goal.Agreement.Open.Kind == "proposed" ? L["Waits for your answer"] : L["Set by the leader"], Tone.Close,
                "chats-circle");
        if (goal.Agreement.Open is { Kind: "proposed" }) return (L["Proposed"], Tone.Plain, "hourglass-medium");
        return goal.Agreement.IsAgreed ? (L["Agreed"], Tone.Good, "seal-check") : null;
    }

    /// <summary>What an entry of the agreement says.</summary>
    public string Said(AchievementBook book, KeptGoal goal, GoalEntry entry) => entry.Kind switch
    {
        "set" => L["set the goal: {0}", Asks(book, goal, entry.Target!.Value)],
        "proposed" => L["proposed: {0}", Asks(book, goal, entry.Target!.Value)],
        "accepted" => L["agreed to {0}", Asks(book, goal, entry.Target!.Value)],
        "changed" => L["changed the target: {0}", Asks(book, goal, entry.Target!.Value)],
        "commented" => L["commented"],
        "reviewed" => L["looked at it together"],
        _ => L["closed the goal"],
    };

    public string Date(Workday day) => clock.Say(new DateOnly(day.Date.Year, day.Date.Month, day.Date.Day), L, within: true);

    public string Span(WorkdaySpan span) =>
        span.First == span.Last ? Capital(Date(span.First)) : $"{Capital(Date(span.First))} – {Date(span.Last)}";

    public string Period(GoalPeriod period) => period switch
    {
        GoalPeriod.Day => L["Daily"],
        GoalPeriod.Week => L["Weekly"],
        GoalPeriod.Month => L["Monthly"],
        GoalPeriod.Once => L["Until a date"],
    };

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];
}
