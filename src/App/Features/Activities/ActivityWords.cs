using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Activities;

/// <summary>Says in the reader's language what an activity carries.</summary>
public sealed class ActivityWords(IStringLocalizer<Ui> texts)
{
    private const int LongestLabel = 40;

    /// <summary>"talk 2:14 min · wait 5 s · kind: regular": measures with their units first, then labels, each with its name.</summary>
    /// <param name="without">A measure that stands elsewhere already.</param>
    public string Details(RuleSet rules, string type, ActivityBody body, string? without, int most)
    {
        var declared = rules.Type(type)?.Type;
        var measures = body.Measures.Where(m => m.Name != without)
            .Select(m => $"{Name(m.Name)} {Figure(declared?.Measure(m.Name)?.Unit, m.Amount)}");
        var labels = body.Labels.Where(l => l.Text.Length is > 0 and <= LongestLabel).Select(l => $"{Name(l.Name)}: {l.Text}");
        return string.Join(" · ", measures.Concat(labels).Take(most));
    }

    public Figure Figure(string? unit, Amount amount) =>
        Platform.Localisation.Figure.Of(Enum.TryParse<Unit>(unit, ignoreCase: true, out var known) ? known : Unit.Number, amount, texts);

    /// <summary>A key as a word: time-to-resolve is "time to resolve".</summary>
    public static string Name(string key) => key.Replace('-', ' ').Replace('_', ' ');
}
