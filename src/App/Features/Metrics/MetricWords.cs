using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Laurel.App.Features.Metrics;

/// <summary>Says in the reader's language what a metric counts.</summary>
public sealed class MetricWords(IStringLocalizer<Ui> texts)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>"Sum of “talk” over: Call answered. Only where wait is at most 20 s."</summary>
    /// <param name="typeName">The name of an activity type.</param>
    /// <param name="typeWords">What its measures and labels are called.</param>
    public string Definition(RuleSet rules, Metric metric, Func<string, string> typeName, Func<string, TypeWords> typeWords)
    {
        if (metric.Ratio is { } ratio)
            return metric.Unit == Unit.Percent
                ? L["“{0}” per hundred of “{1}”.", Name(rules, ratio.Numerator), Name(rules, ratio.Denominator)]
                : L["“{0}” divided by “{1}”.", Name(rules, ratio.Numerator), Name(rules, ratio.Denominator)];
        if (metric.External) return L["A value for each person and day that another system sends."];
        // Types that one metric counts call the same measure alike, or the first one's word stands for all.
        var words = typeWords(metric.Types[0]);
        var measure = metric.Measure is { } key ? words.Measure(key) : "";
        var types = string.Join(", ", metric.Types.Select(typeName));
        string what = metric.Aggregate switch
        {
            Aggregate.Count => L["Number of activities: {0}.", types],
            Aggregate.Sum => L["Sum of “{0}” over: {1}.", measure, types],
            Aggregate.Average => L["Average of “{0}” over: {1}.", measure, types],
            Aggregate.Maximum => L["Largest “{0}” of: {1}.", measure, types],
            Aggregate.Minimum => L["Smallest “{0}” of: {1}.", measure, types],
            Aggregate.Distinct => L["How many different “{0}” of: {1}.", metric.Label is { } label ? words.Label(label) : "", types],
            Aggregate.Ratio => "",
        };
        if (metric.Where.Count == 0) return what;
        var where = string.Join($" {L["and"]} ", metric.Where.Select(f => Say(rules, metric, words, f)));
        // A unit such as "sek." brings the sentence's dot along.
        return $"{what} {L["Only where {0}.", where.TrimEnd('.')]}";
    }

    /// <summary>The same of a metric that is written and not saved yet.</summary>
    public string? Definition(AchievementBook book, MetricSetup setup) =>
        EditMetric.Draft(book.Snapshot.Rules, setup) is { } metric
            ? Definition(book.Snapshot.Rules, metric, book.TypeName, book.TypeWords)
            : null;

    private string Say(RuleSet rules, Metric metric, TypeWords words, Filter filter) => filter switch
    {
        LabelFilter { Is: true } label => L["{0} is {1}", words.Label(label.Label), Choice(words, label)],
        LabelFilter label => L["{0} is not {1}", words.Label(label.Label), Choice(words, label)],
        MeasureFilter measure => measure.Comparison switch
        {
            Comparison.AtLeast => L["{0} is at least {1}", words.Measure(measure.Measure), Say(rules, metric, measure)],
            Comparison.AtMost => L["{0} is at most {1}", words.Measure(measure.Measure), Say(rules, metric, measure)],
            Comparison.Above => L["{0} is above {1}", words.Measure(measure.Measure), Say(rules, metric, measure)],
            Comparison.Below => L["{0} is below {1}", words.Measure(measure.Measure), Say(rules, metric, measure)],
        },
        WeekdayFilter weekday => L["the day is {0}", Either([.. weekday.Days.Select(DayName)])],
        HourFilter hours => L["the time is from {0} to {1}", Clock(hours.From), Clock(hours.Until)],
        _ => "",
    };

    private static string Name(RuleSet rules, RatioPart part) => LocalText.Parse(rules.Kept(part.Metric).Name).ToString();

    private static string DayName(IsoDayOfWeek day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)((int)day % 7));
    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";

    private string Say(RuleSet rules, Metric metric, MeasureFilter filter)
    {
        var unit = rules.Type(metric.Types[0])?.Type.Measure(filter.Measure)?.Unit;
        return Figure.Of(Enum.TryParse<Unit>(unit, ignoreCase: true, out var known) ? known : Unit.Number, filter.Bound, L).ToString();
    }

    private string Choice(TypeWords words, LabelFilter filter) =>
        Either([.. filter.Texts.Select(text => words.Text(filter.Label, text))]);

    private string Either(IReadOnlyList<string> items) =>
        items.Count == 1 ? items[0] : L["{0} or {1}", string.Join(", ", items.SkipLast(1)), items[^1]];
}
