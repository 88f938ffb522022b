using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Activities;

/// <summary>Says in the reader's language what an activity carries.</summary>
public sealed class ActivityWords(IStringLocalizer<Ui> texts)
{
    private const int LongestLabel = 40;

    /// <summary>"Talk 2:14 min · Wait 5 s · Kind: Regular": measures with their units first, then labels, each with its name.</summary>
    /// <param name="without">A measure that stands elsewhere already.</param>
    public string Details(ActivityType? type, TypeWords words, ActivityBody body, string? without, int most)
    {
        var measures = body.Measures.Where(m => m.Name != without)
            .Select(m => $"{words.Measure(m.Name)} {Figure(type?.Measure(m.Name)?.Unit, m.Amount)}");
        var labels = body.Labels.Where(l => l.Text.Length is > 0 and <= LongestLabel)
            .Select(l => $"{words.Label(l.Name)}: {words.Text(l.Name, l.Text)}");
        return string.Join(" · ", measures.Concat(labels).Take(most));
    }

    private Figure Figure(string? unit, Amount amount) =>
        Platform.Localisation.Figure.Of(Enum.TryParse<Unit>(unit, ignoreCase: true, out var known) ? known : Unit.Number, amount, texts);
}
