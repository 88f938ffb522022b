using System.Text;
using Laurel.Engine.Activities;

namespace Laurel.Engine.Importing;

/// <summary>What one activity rule made of a row: an activity, or the reason why it is none.</summary>
public readonly record struct RowItem(IncomingActivity? Activity, ClockChange Clock, string? Reason);

/// <summary>What a row tells of; empty when it is ignored or no rule fits it.</summary>
/// <param name="IgnoredBy">Index of the ignore rule that held, if one did.</param>
public readonly record struct RowReading(IReadOnlyList<RowItem> Items, int? IgnoredBy);

/// <summary>Turns rows into activities by a mapping. Pure: the same row gives the same activities, identity included.</summary>
public sealed class RowReader(Mapping mapping, int shiftDays = 0)
{
    private const int MaximumText = 200;
    /// <summary>As the API takes it.</summary>
    private const int MaximumLabel = 1000;

    /// <summary>The text of the column that <see cref="Mapping.LastRowPer"/> names; null when it is missing.</summary>
    public string? Key(string?[] inputs) => mapping.LastRowPer is { } column ? Scope(inputs)[column] : null;

    /// <param name="inputs">The row's text per <see cref="Mapping.Inputs"/>; null where the row lacks it.</param>
    public RowReading Read(string?[] inputs)
    {
        var row = Scope(inputs);
        if (row.Problem is { } broken) return new([Refused(broken)], null);
        for (var i = 0; i < mapping.Ignored.Count; i++)
        {
            var holds = mapping.Ignored[i].When.Holds(row);
            if (row.Problem is { } problem) return new([Refused(problem)], null);
            if (holds) return new([], i);
        }
        var items = new List<RowItem>(1);
        foreach (var rule in mapping.Activities)
        {
            var fits = rule.When is null || rule.When.Holds(row);
            if (row.Problem is not null || fits) items.Add(Make(rule, row));
            row.Forgive();
        }
        return new(items, null);
    }

    private RowScope Scope(string?[] inputs)
    {
        var defined = mapping.Columns.Count;
        var cells = new string?[defined + mapping.Inputs.Count];
        for (var i = 0; i < mapping.Inputs.Count; i++)
        {
            var text = inputs[i]?.Trim();
            cells[defined + i] = string.IsNullOrEmpty(text) || mapping.Missing.Contains(text) ? null : text;
        }
        var row = new RowScope(mapping, cells, shiftDays);
        for (var i = 0; i < defined; i++) row[i] = mapping.Columns[i].Value.Of(row);
        return row;
    }

    private RowItem Make(ActivityRule rule, RowScope row)
    {
        if (row.Problem is not null) return Refused(row.Problem);
        if (rule.Id.Of(row) is not { } id) return Refused($"no identity: {rule.Id.FirstMissing(row)} is missing");
        if (Encoding.UTF8.GetByteCount(id) > ActivityId.MaximumLength)
            return Refused($"identity longer than {ActivityId.MaximumLength} bytes");
        var person = rule.Person?.Of(row);
        var team = rule.Team?.Of(row);
        if (person is null && team is null && rule.Person is { } value && row.Problem is null)
            return Refused($"no person: {value.Source.FirstMissing(row) ?? "the value"} is missing");
        var at = First(rule.At, row);
        if (row.Problem is null && at.At is null) return Refused($"no time: {TimeNames(rule)} is missing");
        var measures = new List<Measure>(rule.Measures.Count);
        foreach (var measure in rule.Measures)
            if (measure.Of(row) is { } amount) measures.Add(new(measure.Name, amount));
        var labels = new List<Label>(rule.Labels.Count);
        foreach (var label in rule.Labels)
            if (Short(label.Value, row, "label " + label.Name, MaximumLabel) is { } text) labels.Add(new(label.Name, text));
        var project = Short(rule.Project, row, "project");
        var contact = Short(rule.Contact, row, "contact");
        if (person is { Length: > MaximumText }) row.Refuse($"person: longer than {MaximumText} characters");
        if (row.Problem is { } problem) return Refused(problem);
        if (ExternalIdentity.IsOne(project)) return Refused("project: holds the character U+001F");
        if (ExternalIdentity.IsOne(person)) return Refused("person: holds the character U+001F");
        var who = person is not null && mapping.Provider is { } provider ? new ExternalIdentity(provider, person).Awaited : person;
        return new(new IncomingActivity(mapping.Source, ActivityId.Of(id), rule.Type, who, person is null ? team : null,
            at.At!.Value, measures, labels)
        {
            Project = project is not null && mapping.ProjectProvider is { } system
                ? new ExternalIdentity(system, project).Awaited : project,
            Contact = contact,
            UnknownPerson = mapping.UnknownPerson,
            PersonName = person is null ? null : mapping.Names.GetValueOrDefault(person) ?? rule.PersonName?.Of(row),
        }, at.Clock, null);
    }

    private static TimeReading First(IReadOnlyList<int> rules, RowScope row)
    {
        foreach (var rule in rules)
            if (row.TimeAt(rule) is { At: not null } reading) return reading;
        return TimeReading.Missing;
    }

    private static string? Short(Value? value, RowScope row, string what, int most = MaximumText)
    {
        var text = value?.Of(row);
        if (text is not null && text.Length > most) row.Refuse($"{what}: longer than {most} characters");
        return text;
    }

    private string TimeNames(ActivityRule rule) => string.Join(" and ", rule.At.Select(index => mapping.Times[index].Name));

    private static RowItem Refused(string reason) => new(null, ClockChange.None, reason);
}
