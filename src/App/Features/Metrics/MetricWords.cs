using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Metrics;

/// <summary>Says in the reader's language what a metric counts.</summary>
public sealed class MetricWords(IStringLocalizer<Ui> texts)
{
    private IStringLocalizer<Ui> L { get; } = texts;

    /// <summary>"Sum of “talk” over: Call answered. Only where wait is at most 20 s."</summary>
    /// <param name="typeName">The name of an activity type.</param>
    public string Definition(RuleSet rules, Metric metric, Func<string, string> typeName)
    {
        var types = string.Join(", ", metric.Types.Select(typeName));
        string what = metric.Aggregate switch
        {
            Aggregate.Count => L["Number of activities: {0}.", types],
            Aggregate.Sum => L["Sum of “{0}” over: {1}.", metric.Measure!, types],
            Aggregate.Average => L["Average of “{0}” over: {1}.", metric.Measure!, types],
            Aggregate.Maximum => L["Largest “{0}” of: {1}.", metric.Measure!, types],
        };
        if (metric.Where.Count == 0) return what;
        return $"{what} {L["Only where {0}.", string.Join($" {L["and"]} ", metric.Where.Select(f => Say(rules, metric, f)))]}";
    }

    private string Say(RuleSet rules, Metric metric, Filter filter) => filter switch
    {
        LabelFilter { Is: true } label => L["{0} is {1}", label.Label, Choice(label.Texts)],
        LabelFilter label => L["{0} is not {1}", label.Label, Choice(label.Texts)],
        MeasureFilter measure => measure.Comparison switch
        {
            Comparison.AtLeast => L["{0} is at least {1}", measure.Measure, Say(rules, metric, measure)],
            Comparison.AtMost => L["{0} is at most {1}", measure.Measure, Say(rules, metric, measure)],
            Comparison.Above => L["{0} is above {1}", measure.Measure, Say(rules, metric, measure)],
            Comparison.Below => L["{0} is below {1}", measure.Measure, Say(rules, metric, measure)],
        },
        _ => "",
    };

    private string Say(RuleSet rules, Metric metric, MeasureFilter filter)
    {
        var unit = rules.Type(metric.Types[0])?.Type.Measure(filter.Measure)?.Unit;
        return Figure.Of(Enum.TryParse<Unit>(unit, ignoreCase: true, out var known) ? known : Unit.Number, filter.Bound, L).ToString();
    }

    private string Choice(IReadOnlyList<string> items) =>
        items.Count == 1 ? items[0] : L["{0} or {1}", string.Join(", ", items.SkipLast(1)), items[^1]];
}
