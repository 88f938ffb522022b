using System.Globalization;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// Words of the editor, and what is wrong with a form, which the reader of setup files says in the words of files.
/// </summary>
public static class EditorWords
{
    public static string Of(Repeat repeat, IStringLocalizer<Ui> L) => repeat switch
    {
        Repeat.Once => L["Only once"],
        Repeat.Day => L["Again every day"],
        Repeat.Week => L["Again every week"],
        Repeat.Month => L["Again every month"],
        Repeat.EveryTime => L["Again every time"],
    };

    public static string Of(Doubt doubt, RuleWords L) => doubt switch
    {
        Doubt.PartOfOne part => L["“{0}” is counted in whole numbers: {1} is the same as {2}.",
            L.Metric(part.Metric), L.Figure(part.Metric, part.Limit), L.Figure(part.Metric, part.Same)],
        Doubt.BelowNothing below => L["“{0}” is never below 0: a limit of {1} is kept by everybody, or by nobody.",
            L.Metric(below.Metric), L.Figure(below.Metric, below.Limit)],
        Doubt.Ahead ahead => L["Work counts from {0} on: nobody earns it before.",
            ahead.From.Date.ToDateOnly().ToString("D", CultureInfo.CurrentCulture)],
        _ => throw new ArgumentOutOfRangeException(nameof(doubt)),
    };

    public static string Range(string? range, IStringLocalizer<Ui> L) => range switch
    {
        "day" => L["Day"],
        "week" => L["Week"],
        "month" => L["Month"],
        _ => L["Over all time"],
    };

    public static string Period(string? period, IStringLocalizer<Ui> L) => period switch
    {
        "yesterday" => L["Of each day"],
        "last-7-days" => L["Last 7 days, each day"],
        "month" => L["Month"],
        _ => L["Week"],
    };

    public static string Tone(string tone, IStringLocalizer<Ui> L) => tone switch
    {
        "playful" => L["Playful"],
        "negative" => L["Negative"],
        _ => L["Positive"],
    };

    public static string Retention(string retention, IStringLocalizer<Ui> L) => retention switch
    {
        "holder" => L["With the latest winner"],
        "period" => L["For its period"],
        _ => L["For good"],
    };

    /// <summary>What the form calls a field; null for what stands for the whole of it.</summary>
    public static string? Label(string field, string? type, IStringLocalizer<Ui> L) =>
        (RuleKinds.Find(type)?.Label(field.Split("].")[^1]) ?? LabelKey(field)) is { } key ? L[key].Value : null;

    private static string? LabelKey(string field) => field.Split("].")[^1] switch
    {
        "Name" => Ui.Text("Name in English"),
        "NameLt" => Ui.Text("Name in Lithuanian"),
        "Description" => Ui.Text("Description in English"),
        "DescriptionLt" => Ui.Text("Description in Lithuanian"),
        "Area" => Ui.Text("Area"),
        "Badge" => Ui.Text("Badge"),
        "Visibility" => Ui.Text("Visibility"),
        "Retention" => Ui.Text("It stays"),
        "Tone" => Ui.Text("Tone"),
        "Coins" => Ui.Text("Coins of each level"),
        "Repeat" => Ui.Text("Can be earned"),
        "History" or "HistoryFrom" => Ui.Text("History"),
        "Range" => Ui.Text("Range"),
        "Period" => Ui.Text("Period"),
        "Metric" => Ui.Text("Metric"),
        "Comparison" => Ui.Text("Compared"),
        "Target" => Ui.Text("Targets"),
        "Best" => Ui.Text("Who wins"),
        "Ties" => Ui.Text("Of equals"),
        "Minimum" => Ui.Text("Limit"),
        "Sample" => Ui.Text("Counted at least"),
        "After" => Ui.Text("Earlier periods"),
        "Level" => Ui.Text("By how many percent"),
        "Activities" => Ui.Text("The first of these"),
        "Time" => Ui.Text("Drawn at"),
        "OneIn" or "Percent" => Ui.Text("Chance"),
        "Conditions" => Ui.Text("Conditions"),
        "Among" => Ui.Text("One winner"),
        "Metrics" => Ui.Text("Goals of these metrics"),
        "Set" => Ui.Text("All of these"),
        "SetBy" => Ui.Text("Who sets it"),
        "Teams" or "Groups" or "Roles" => Ui.Text("Who can earn it"),
        _ => null,
    };

    /// <summary>With the field's name before it.</summary>
    public static string Named(FieldProblem problem, string? type, IStringLocalizer<Ui> L) =>
        Label(problem.Field, type, L) is { } label ? $"{label}: {problem.Text}" : problem.Text;

    /// <summary>Whether the metric's values are times.</summary>
    public static bool IsSeconds(AchievementBook book, string? metric) => book.Snapshot.Rules.Metrics
        .Where(m => !m.Hidden && m.Metric.Id == metric).MaxBy(m => m.Version)?.Metric.Unit == Unit.Seconds;

    private static string NoNumber(string typed, IStringLocalizer<Ui> L) =>
        typed.Length == 0 ? L["Fill in the levels in order, from the first one on."]
        : TypedNumber.Readings(typed, Language.Current) is { } two
            ? L["“{0}” can be read in two ways: write {1} or {2}.", typed, two.Large, two.Small]
        : L["“{0}” is not a number.", typed];

    /// <summary>The problem in the words of the form, at its field; what no field can cause is said as files say it.</summary>
    public static FieldProblem Of(YamlProblem problem, TypedField at, IStringLocalizer<Ui> L)
    {
        var (words, field) = (problem.Text.Words, (string?)at.Field);
        var target = field ?? "Conditions";
        return problem.Text.Sentence switch
        {
            "metric '{0}' is archived: bring it back first" =>
                new(field ?? "", L["It counts by the metric “{0}”, which is archived: bring that back first.", words[0]]),
            "'metric' is missing" => new(field ?? "Metric", L["Choose a metric."]),
            "at least one target" => new(target, L["Say at least one target."]),
            "the English text (en) is missing" => new(field ?? "Name", L["Say it in English, too."]),
            "'time' is missing: when it is drawn, such as 12:30" or "'time' must be a time of the day, such as 12:30" =>
                new("Time", L["Type a time of the day, such as 12:30."]),
            "a draw has either 'one-in' or 'percent': how often somebody wins" =>
                new("OneIn", L["Say one of the two: in one of so many draws, or in so many percent."]),
            "'one-in' is a whole number from 1 to 10000" =>
                new("OneIn", L["Type a whole number from 1 to 10,000."]),
            "'percent' is above 0 and at most 100" => new("Percent", L["Above 0, and at most 100."]),
            "'activities' is missing: name at least one activity type" => new("Activities", L["Choose at least one kind of activity."]),
            "every condition has one target, or one per tier" =>
                new("Conditions", L["Every condition has one target, or as many as the others."]),
            "targets must get harder from tier to tier" => new(target, L["Each level must be harder than the one before."]),
            "percentages must rise from tier to tier" or "lengths must rise from tier to tier" =>
                new(target, L["Each level must be harder than the one before."]),
            "a target must be above 0" => new(target, L["A target is above 0."]),
            "a length is a whole number of at least 2" => new(target, L["A whole number of at least 2."]),
            "a length is at most 1000" => new(target, L["That is too much."]),
            "a percentage is above 0, and to fall by more than 100 is impossible" =>
                new(target, L["Above 0; and nothing falls by more than 100 percent."]),
            "'{0}' is not a number" => new(target, NoNumber(at.Typed ?? words[0], L)),
            "'{0}' must be a number, not '{1}'" => new(target, NoNumber(at.Typed ?? words[1], L)),
            "'{0}' must be a whole number, not '{1}'" => new(target, L["“{0}” is not a whole number.", at.Typed ?? words[1]]),
            "'{0}' is above one thousand million" => new(target, L["That is too much."]),
            "'sample' is at least 1" or "'after' is at least 1: the first of all is no record" => new(target, L["At least 1."]),
            "'history' must be all, enabling or a date such as 2026-01-31, not '{0}'" => new("HistoryFrom", L["Choose the day."]),
            "'repeat' here is {0}" => new("Repeat", L["It cannot be earned more often than its range goes by."]),
            "'{0}' counts from {1}; history can be extended, not shortened" =>
                new("History", L["It counts from {0} already: history can be extended, not shortened.", words[1]]),
            "the {0} of '{1}' is fixed when it is made: give the new one another id" =>
                new("Range", L["This is fixed when it is made. Make a new one instead."]),
            "'of' names at least two achievements" => new("Set", L["Choose at least two."]),
            var said when said.EndsWith(" would be decided by itself", StringComparison.Ordinal) =>
                new("Set", L["One of these is decided by this one: it would be decided by itself."]),
            var said when said.Contains("which is in test: test both", StringComparison.Ordinal) =>
                new("Set", L["One of these is in test: test both, or take that one live first."]),
            var said when field == "Set" && said.StartsWith("there is no achievement", StringComparison.Ordinal) =>
                new("Set", L["One of these is not there any more."]),
            var said when said.StartsWith("'{0}' is hidden until the previous one is earned", StringComparison.Ordinal) =>
                new("Visibility", L["Only a step of a path has one before it."]),
            "'retention: period' needs a badge that repeats by day, week or month" =>
                new("Retention", L["Only what can be earned again by day, week or month has a period."]),
            var said when said.StartsWith("'{0}' cannot have retention: holder", StringComparison.Ordinal) =>
                new("Retention", L["Only what somebody wins passes on to the next winner."]),
            var said when said.StartsWith("'{0}' is not a number of coins", StringComparison.Ordinal) =>
                new("Coins", L["“{0}” is not a whole number.", at.Typed ?? words[0]]),
            "'{0}' has {1} tiers, and coins for {2}: one number each" => new("Coins", L["One number for each level of the badge."]),
            var said when said.StartsWith("'{0}' has been on already, and what it gave is known", StringComparison.Ordinal) =>
                new("Test", L["It has been on already. Test a copy of it."]),
            "there is an achievement '{0}' already" => new("Name", L["There is an achievement of this name already."]),
            var said when said.EndsWith(" has none: write at least one", StringComparison.Ordinal) =>
                new(field ?? "Level", L["Say at least one level."]),
            var said when said.StartsWith("there is no metric", StringComparison.Ordinal) =>
                new(field ?? "Metric", L["This metric is not there any more."]),
            var said when said.StartsWith("'{0}' repeats every time", StringComparison.Ordinal) =>
                new("Repeat", L["At every multiple needs one condition, “at least”, on something that can but grow."]),
            _ => new(field ?? "", problem.Message),
        };
    }
}
