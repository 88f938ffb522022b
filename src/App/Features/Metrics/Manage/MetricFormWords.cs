using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>A kind of metric as the editor offers it.</summary>
public sealed record MetricKind(string Type, string Icon, string Name, string Says);

/// <summary>Words of the metrics' form: its kinds and choices, and what is wrong with it.</summary>
public static class MetricFormWords
{
    public static readonly IReadOnlyList<MetricKind> Kinds =
    [
        new(MetricForm.Counted, "hash", Ui.Text("Counted from activities"),
            Ui.Text("How many there are, or the sum, average, smallest or largest of what they carry.")),
        new(MetricForm.Ratio, "chart-bar", Ui.Text("Ratio of two metrics"),
            Ui.Text("One divided by the other over the same days, such as the share of calls that were answered quickly.")),
        new(MetricForm.External, "upload-simple", Ui.Text("Sent by another system"),
            Ui.Text("A value for each person and day that comes by the API or from a file.")),
    ];

    public static MetricKind? Kind(string? kind) => Kinds.FirstOrDefault(k => string.Equals(k.Type, kind, StringComparison.Ordinal));

    public static readonly IReadOnlyList<string> Units = [.. Enum.GetNames<Unit>().Select(u => u.ToLowerInvariant())];
    public static readonly IReadOnlyList<string> Weekdays =
        [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).Select(d => d.ToString().ToLowerInvariant())];

    /// <summary>Ways of putting values together that a kind has.</summary>
    public static IReadOnlyList<string> Aggregates(string? kind) => kind == MetricForm.External
        ? ["sum", "average", "minimum", "maximum"]
        : ["count", "sum", "average", "minimum", "maximum", "distinct"];

    public static string OfUnit(string? unit, IStringLocalizer<Ui> L) => unit switch
    {
        "seconds" => L["Time (seconds)"],
        "percent" => L["Percent"],
        "currency" => L["Money"],
        "points" => L["Points"],
        _ => L["Number"],
    };

    public static string OfAggregate(string? aggregate, IStringLocalizer<Ui> L) => aggregate switch
    {
        "sum" => L["Sum"],
        "average" => L["Average"],
        "minimum" => L["Smallest"],
        "maximum" => L["Largest"],
        "distinct" => L["How many different"],
        "ratio" => L["Ratio"],
        _ => L["How many"],
    };

    public static string OfComparison(string? comparison, IStringLocalizer<Ui> L) => comparison switch
    {
        "at-most" => L["at most"],
        "above" => L["above"],
        "below" => L["below"],
        _ => L["at least"],
    };

    public static string OfDirection(string? direction, IStringLocalizer<Ui> L) =>
        direction == "lower" ? L["Less is better"] : L["More is better"];

    public static string OfFilter(string? kind, IStringLocalizer<Ui> L) => kind switch
    {
        "label" => L["By a label"],
        "measure" => L["By a measure"],
        "weekday" => L["By the day of the week"],
        _ => L["By the time of day"],
    };

    /// <summary>What the value of the whole floor is.</summary>
    public static string Over(Aggregate aggregate, IStringLocalizer<Ui> L) => aggregate switch
    {
        Aggregate.Count => L["number over the floor"],
        Aggregate.Sum => L["sum over the floor"],
        Aggregate.Average => L["average over the floor"],
        Aggregate.Maximum => L["largest on the floor"],
        Aggregate.Minimum => L["smallest on the floor"],
        Aggregate.Distinct => L["different ones on the floor"],
        Aggregate.Ratio => L["ratio over the floor"],
    };

    public static string Day(string day) => Enum.TryParse<IsoDayOfWeek>(day, true, out var known)
        ? CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)((int)known % 7))
        : day;

    /// <summary>What the form calls a field; null for what stands for the whole of it.</summary>
    public static string? Label(string field, IStringLocalizer<Ui> L) => LabelKey(field) is { } key ? L[key].Value : null;

    private static string? LabelKey(string field) => field.Split("].")[^1] switch
    {
        "Id" => Ui.Text("Key"),
        "Name" => Ui.Text("Name in English"),
        "NameLt" => Ui.Text("Name in Lithuanian"),
        "Description" => Ui.Text("Description in English"),
        "DescriptionLt" => Ui.Text("Description in Lithuanian"),
        "Unit" => Ui.Text("Unit"),
        "Direction" => Ui.Text("Which is better"),
        "Aggregate" => Ui.Text("What is told of them"),
        "Types" => Ui.Text("Kinds of activities"),
        "Measure" => Ui.Text("Measure"),
        "Label" => Ui.Text("Label"),
        "Texts" => Ui.Text("Texts"),
        "Bound" => Ui.Text("How much"),
        "Days" => Ui.Text("Days of the week"),
        "From" => Ui.Text("Time of day"),
        "Numerator" => Ui.Text("What is divided"),
        "Denominator" => Ui.Text("By what"),
        "Filters" => Ui.Text("Filters"),
        _ => null,
    };

    /// <summary>With the field's name before it.</summary>
    public static string Named(FieldProblem problem, IStringLocalizer<Ui> L) =>
        Label(problem.Field, L) is { } label ? $"{label}: {problem.Text}" : problem.Text;

    /// <summary>What to do about a part of a filter that is not there.</summary>
    public static string Lacks(string part, IStringLocalizer<Ui> L) => part switch
    {
        "Label" => L["Choose a label."],
        "Texts" => L["Type at least one text."],
        "Measure" => L["Choose a measure."],
        "Bound" => L["Type a number."],
        "Days" => L["Choose at least one day."],
        _ => L["Type two times of the day, such as 18:00 and 22:00; 24:00 is the end of the day."],
    };

    /// <summary>The problem in the words of the form, at its field; what no field can cause is said as files say it.</summary>
    public static FieldProblem Of(YamlProblem problem, TypedField at, IStringLocalizer<Ui> L)
    {
        var (words, field) = (problem.Text.Words, (string?)at.Field ?? "");
        return problem.Text.Sentence switch
        {
            "the English text (en) is missing" => new(field, L["Say it in English, too."]),
            "'types' is missing: name at least one activity type" => new("Types", L["Choose at least one kind of activity."]),
            "'measure' is missing: what is to be added up?" => new("Measure", L["Choose a measure."]),
            "'label' is missing: whose different texts are to be counted?" => new("Label", L["Choose a label."]),
            "'{0}' is missing: a ratio is of two metrics" =>
                new(words[0] == "numerator" ? "Numerator" : "Denominator", L["Choose a metric."]),
            "'{0}' must be a number, not '{1}'" => new(field, L["“{0}” is not a number.", at.Typed ?? words[1]]),
            "'{0}' is above one thousand million" => new(field, L["That is too much."]),
            "there is a metric '{0}' already" => new("Id", L["There is a metric with this key already."]),
            "'{0}' counts by it and cannot go over to it: {1}" =>
                new("", L["The achievement “{0}” counts by it and cannot go over to it: {1}", words[0], words[1]]),
            _ => field switch
            {
                "Id" => new(field, L["Lower-case letters, digits, dots, hyphens and underscores, at most 100."]),
                "Types" => new(field, L["One of these is not there any more."]),
                "Measure" => new(field, L["Not every chosen kind of activity carries it."]),
                "Label" => new(field, L["Not every chosen kind of activity carries it."]),
                "Numerator" or "Denominator" => problem.Message.StartsWith("there is no metric", StringComparison.Ordinal)
                    ? new(field, L["This metric is not there any more."])
                    : new(field, L["A ratio is of metrics that count or add up."]),
                _ when field.EndsWith(".Label", StringComparison.Ordinal) || field.EndsWith(".Measure", StringComparison.Ordinal) =>
                    new(field, L["No chosen kind of activity carries it."]),
                _ when field.EndsWith(".From", StringComparison.Ordinal) => new(field, Lacks("From", L)),
                _ => new(field, problem.Message),
            },
        };
    }

    /// <summary>Each field and what it says, in the same order for each form.</summary>
    public static IEnumerable<(string Label, string Value)> Told(MetricForm form, AchievementBook book, IStringLocalizer<Ui> L)
    {
        string Name(string field) => Label(field, L)!;
        yield return (Name("Name"), Text(form.Name));
        yield return (Name("NameLt"), Text(form.NameLt));
        yield return (Name("Description"), Text(form.Description));
        yield return (Name("DescriptionLt"), Text(form.DescriptionLt));
        yield return (Name("Unit"), OfUnit(form.Unit, L));
        yield return (Name("Direction"), OfDirection(form.Direction, L));
        yield return (Name("Aggregate"), OfAggregate(form.Aggregate, L));
        yield return (Name("Types"), string.Join(", ", (form.Types ?? []).Order(StringComparer.Ordinal).Select(book.TypeName)));
        yield return (Name("Measure"), form.HasMeasure ? Text(form.Measure) : "");
        yield return (Name("Label"), form.HasLabel ? Text(form.Label) : "");
        yield return (Name("Numerator"), form.Numerator is { Length: > 0 } over ? book.MetricName(over) : "");
        yield return (Name("Denominator"), form.Denominator is { Length: > 0 } under ? book.MetricName(under) : "");
        for (var i = 0; i < MetricForm.MostFilters; i++)
            yield return (L["Filter {0}", i + 1], i < form.AllFilters.Count ? Filter(form.AllFilters[i]) : "");

        string Filter(FilterForm one) => one.Kind switch
        {
            "label" => $"{one.Label} {(one.Is == "is-not" ? L["is none of"] : L["is one of"])} {string.Join(", ", one.AllTexts)}",
            "measure" => $"{one.Measure} {OfComparison(one.Comparison, L)} {form.Number(one.Bound)}",
            "weekday" => string.Join(", ", Weekdays.Where((one.Days ?? []).Contains).Select(Day)),
            _ => $"{Text(one.From)}–{Text(one.Until)}",
        };
    }

    private static string Text(string? typed) => typed?.Trim().ReplaceLineEndings("\n") ?? "";
}
