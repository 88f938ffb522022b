namespace Laurel.Engine.Importing;

/// <summary>A text drawn from a row: a column or a template, then the steps that clean it, in the order given here.</summary>
/// <param name="Default">Stands in where the text is missing in the end.</param>
public sealed record Value(Template Source, IReadOnlyList<Step> Steps, string? Default = null)
{
    /// <summary>Null when it is missing in this row.</summary>
    public string? Of(RowScope row)
    {
        var text = Source.Of(row);
        foreach (var step in Steps)
        {
            if (text is null) break;
            text = step.Apply(text, row);
            if (text is { Length: 0 }) text = null;
        }
        return text ?? Default;
    }
}
