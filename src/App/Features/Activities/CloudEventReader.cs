using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Activities;

/// <summary>One event as it was read: an activity, or the reason why it is none.</summary>
/// <param name="Id">The event's own id, for the answer; null where none could be read.</param>
public readonly record struct ReadEvent(string? Id, IncomingActivity? Activity, string? Reason)
{
    /// <summary>Where it stands in a body of lines, from 1; null in any other.</summary>
    public int? Line { get; init; }
}

/// <summary>
/// Reads CloudEvents 1.0 in their JSON form into activities. Pure and strict: what it takes means the same to every reader of
/// JSON, so duplicate members, half characters and numbers out of range are refused, each with the member's path. Unknown
/// attributes of the event are extensions and pass by; unknown members of its data are slips and are refused.
/// Holds only scratch memory: one reader for one request, not for two threads.
/// </summary>
public sealed class CloudEventReader
{
    public const int MaximumMembers = 100, MaximumMeasures = 50, MaximumLabels = 50;
    public const int MaximumName = 100, MaximumText = 1000, MaximumKey = 200;

    /// <summary>Depth is judged per event, by what an event may hold: deep nesting is a reason to refuse one item, not the body.</summary>
    public static readonly JsonReaderOptions Strict = new() { MaxDepth = int.MaxValue };

    private readonly RecurringTexts recurring = new();
    private readonly List<string> attributes = [], members = [], names = [];
    private readonly List<Measure> measures = [];
    private readonly List<Label> labels = [];
    private Draft draft;

    private struct Draft
    {
        public string? Id, SpecVersion, Source, Type, Subject, Person, Provider, External, Team, Project, ProjectProvider, Contact, Refusal;
        public long? At, Version;
        public bool IsVoid;
    }

    /// <summary>Reads a text that is to hold one event and nothing else.</summary>
    public ReadEvent ReadWhole(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return new(null, null, "is not UTF-8");
        try
        {
            var json = new Utf8JsonReader(utf8, Strict);
            json.Read();
            var read = Read(ref json);
            json.Read();
            return read;
        }
        catch (JsonException broken)
        {
            return new(null, null, $"is not well-formed JSON at byte {broken.BytePositionInLine}");
        }
    }

    /// <summary>
    /// Reads the event that starts at the reader's token and leaves the reader at its last token. The text must be valid UTF-8.
    /// </summary>
    /// <exception cref="JsonException">The text is not well-formed.</exception>
    public ReadEvent Read(ref Utf8JsonReader json)
    {
        draft = default;
        measures.Clear();
        labels.Clear();
        var depth = json.CurrentDepth;
        if (json.TokenType != JsonTokenType.StartObject) Refuse("", "must be a JSON object");
        else if (Attributes(ref json)) Complete();
        if (draft.Refusal is null) return new(draft.Id, Activity(), null);

        while (json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            json.Read();
            if (draft.Id is null && json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == depth + 1
                && !json.ValueIsEscaped && json.ValueTextEquals("id"u8))
            {
                json.Read();
                IdText(ref json, "id", out draft.Id);
            }
        }
        return new(draft.Id, null, draft.Refusal);
    }

    private IncomingActivity Activity() => new(
        draft.Source!, ActivityId.Of(draft.Version is null ? draft.Id! : draft.Subject!), draft.Type!, draft.Person, draft.Team,
        draft.At!.Value, measures.Count == 0 ? [] : measures.ToArray(), labels.Count == 0 ? [] : labels.ToArray())
    {
        Project = draft.Project, Contact = draft.Contact, Version = draft.Version ?? 0, IsVoid = draft.IsVoid,
    };

    private bool Attributes(ref Utf8JsonReader json)
    {
        attributes.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!Name(ref json, "", attributes, MaximumMembers, out var name)) return false;
            var taken = name switch
            {
                "specversion" => Text(ref json, "", name, MaximumText, out draft.SpecVersion),
                "id" => IdText(ref json, name, out draft.Id),
                "source" => Key(ref json, "", name, out draft.Source),
                "type" => Key(ref json, "", name, out draft.Type),
                "subject" => Text(ref json, "", name, MaximumText, out draft.Subject, recurs: false),
                "time" => Time(ref json),
                "version" => Version(ref json),
                "void" => Void(ref json),
                "datacontenttype" => DataContentType(ref json),
                "data_base64" => IsNull(ref json) || Refuse(name, "is not taken: give data as JSON"),
                "data" => Data(ref json),
                _ => Extension(ref json, name),
            };
            if (!taken) return false;
        }
        return true;
    }

    /// <summary>What must be there, and what goes only together.</summary>
    private bool Complete()
    {
        if (draft.SpecVersion is null) return Refuse("specversion", "is missing: it must be \"1.0\"");
        if (!string.Equals(draft.SpecVersion, "1.0", StringComparison.Ordinal)) return Refuse("specversion", "must be \"1.0\"");
        if (draft.Id is null) return Refuse("id", "is missing");
        if (draft.Source is null) return Refuse("source", "is missing");
        if (draft.Type is null) return Refuse("type", "is missing");
        if (draft.At is null) return Refuse("time", "is missing: say when the work happened");
        if (!Whose() || !WhichProject()) return false;
        if (draft.Version is null)
            return !draft.IsVoid || Refuse("void", "needs subject and version: the subject is what is taken back");
        if (draft.Subject is null) return Refuse("version", "needs a subject: the subject is what has versions");
        return IsIdentity(draft.Subject) || Refuse("subject", "must have 1 to 200 bytes of UTF-8 where there is a version");
    }

    /// <summary>A person, or what another system calls somebody.</summary>
    private bool Whose()
    {
        if (ExternalIdentity.IsOne(draft.Person)) return Refuse("data.person", "must not hold the character U+001F");
        if (draft is { Provider: null, External: null }) return true;
        if (draft.External is null) return Refuse("data.external", "is missing: a provider goes with an external id");
        if (draft.Provider is null) return Refuse("data.provider", "is missing: an external id goes with its provider");
        if (draft.Person is not null || draft.Team is not null)
            return Refuse("data.external", "stands in place of person and team: give one of them");
        if (!ExternalIdentity.IsProvider(draft.Provider))
            return Refuse("data.provider", "must be lower-case letters, digits, '.', '_' and '-', at most 100");
        if (ExternalIdentity.IsOne(draft.External)) return Refuse("data.external", "must not hold the character U+001F");
        draft.Person = new ExternalIdentity(draft.Provider, draft.External).Awaited;
        return true;
    }

    /// <summary>A project by its own id, or by what another system calls it.</summary>
    private bool WhichProject()
    {
        if (ExternalIdentity.IsOne(draft.Project)) return Refuse("data.project", "must not hold the character U+001F");
        if (draft.ProjectProvider is null) return true;
        if (draft.Project is null) return Refuse("data.project", "is missing: it is the id at the provider of the project");
        if (!ExternalIdentity.IsProvider(draft.ProjectProvider))
            return Refuse("data.projectProvider", "must be lower-case letters, digits, '.', '_' and '-', at most 100");
        draft.Project = new ExternalIdentity(draft.ProjectProvider, draft.Project).Awaited;
        return true;
    }

    private bool Data(ref Utf8JsonReader json)
    {
        if (IsNull(ref json)) return true;
        if (json.TokenType != JsonTokenType.StartObject) return Refuse("data", "must be a JSON object");
        members.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!Name(ref json, "data.", members, MaximumMembers, out var name)) return false;
            var taken = name switch
            {
                "person" => Key(ref json, "data.", name, out draft.Person),
                "provider" => Key(ref json, "data.", name, out draft.Provider),
                "external" => Key(ref json, "data.", name, out draft.External),
                "team" => Key(ref json, "data.", name, out draft.Team),
                "project" => Key(ref json, "data.", name, out draft.Project),
                "projectProvider" => Key(ref json, "data.", name, out draft.ProjectProvider),
                "contact" => Key(ref json, "data.", name, out draft.Contact),
                "measures" => Measures(ref json),
                "labels" => Labels(ref json),
                _ => Refuse("data.", name,
                    "is not known: data holds person, provider, external, team, measures, labels, project, projectProvider and contact"),
            };
            if (!taken) return false;
        }
        return true;
    }

    private bool Measures(ref Utf8JsonReader json)
    {
        if (IsNull(ref json)) return true;
        if (json.TokenType != JsonTokenType.StartObject) return Refuse("data.measures", "must be a JSON object of numbers");
        names.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!Name(ref json, "data.measures.", names, MaximumMeasures, out var name)) return false;
            if (json.TokenType != JsonTokenType.Number) return Refuse("data.measures.", name, "must be a number");
            if (Amount.Parse(json.ValueSpan) is not { } amount)
                return Refuse("data.measures.", name, "must lie between -1,000,000,000 and 1,000,000,000");
            measures.Add(new(name, amount));
        }
        return true;
    }

    private bool Labels(ref Utf8JsonReader json)
    {
        if (IsNull(ref json)) return true;
        if (json.TokenType != JsonTokenType.StartObject) return Refuse("data.labels", "must be a JSON object of texts");
        names.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!Name(ref json, "data.labels.", names, MaximumLabels, out var name)) return false;
            if (!Text(ref json, "data.labels.", name, MaximumText, out var text)) return false;
            if (text is null) return Refuse("data.labels.", name, "must be text");
            labels.Add(new(name, text));
        }
        return true;
    }

    private bool Time(ref Utf8JsonReader json)
    {
        if (IsNull(ref json)) return true;
        if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= 6 * Rfc3339.MaximumLength)
        {
            if (!json.ValueIsEscaped) draft.At = Rfc3339.Parse(json.ValueSpan);
            else if (TryGetString(ref json, out var text)) draft.At = Rfc3339.Parse(Encoding.UTF8.GetBytes(text));
        }
        return draft.At is not null
            || Refuse("time", "must be a date and time with offset as in RFC 3339, e.g. \"2026-03-02T09:30:00+02:00\"");
    }

    private bool Version(ref Utf8JsonReader json)
    {
        if (IsNull(ref json)) return true;
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var version) && version >= 1) draft.Version = version;
        return draft.Version is not null || Refuse("version", "must be a whole number from 1 up");
    }

    private bool Void(ref Utf8JsonReader json)
    {
        draft.IsVoid = json.TokenType == JsonTokenType.True;
        return draft.IsVoid || json.TokenType is JsonTokenType.False or JsonTokenType.Null || Refuse("void", "must be true or false");
    }

    private bool DataContentType(ref Utf8JsonReader json)
    {
        if (!Text(ref json, "", "datacontenttype", MaximumText, out var type)) return false;
        if (type is null) return true;
        var media = type.AsSpan(0, type.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : type.Length).Trim();
        return media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            || Refuse("datacontenttype", "must be \"application/json\"");
    }

    /// <summary>An attribute that Laurel gives no meaning; CloudEvents allows text, numbers and booleans.</summary>
    private bool Extension(ref Utf8JsonReader json, string name) => json.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => Refuse(name, "must be text, a number or a boolean, as extensions are"),
        JsonTokenType.String => Text(ref json, "", name, MaximumText, out _),
        _ => true,
    };

    /// <summary>Takes a member's name, which must be its first in this object, and goes on to its value.</summary>
    private bool Name(ref Utf8JsonReader json, string path, List<string> seen, int most, out string name)
    {
        name = "";
        if (seen.Count == most) return Refuse(path.TrimEnd('.'), $"has more than {most} members");
        if (json.ValueSpan.Length == 0) return Refuse(path.TrimEnd('.'), "has a member without a name");
        if (!Characters(ref json, MaximumName, true, out var fault, out var text))
            return Refuse(path.TrimEnd('.'), $"has a member whose name {fault}");
        foreach (var other in seen)
            if (string.Equals(other, text, StringComparison.Ordinal)) return Refuse(path, text, "is given more than once");
        seen.Add(name = text);
        json.Read();
        return true;
    }

    /// <summary>Identifies a source, a type, a person ...: not empty where it is given.</summary>
    private bool Key(ref Utf8JsonReader json, string path, string name, out string? text) =>
        Text(ref json, path, name, MaximumKey, out text) && (text is not "" || Refuse(path, name, "must not be empty"));

    private bool IdText(ref Utf8JsonReader json, string name, out string? id)
    {
        if (!Text(ref json, "", name, MaximumText, out id, recurs: false) || id is null || IsIdentity(id)) return draft.Refusal is null;
        id = null;
        return Refuse(name, "must have 1 to 200 bytes of UTF-8");
    }

    private static bool IsIdentity(string id) => id.Length > 0 && Encoding.UTF8.GetByteCount(id) <= ActivityId.MaximumLength;

    /// <summary>Null stands for "not given", as CloudEvents has it.</summary>
    private bool Text(ref Utf8JsonReader json, string path, string name, int most, out string? text, bool recurs = true)
    {
        text = null;
        if (IsNull(ref json)) return true;
        if (json.TokenType != JsonTokenType.String) return Refuse(path, name, "must be text");
        return Characters(ref json, most, recurs, out var fault, out text) || Refuse(path, name, fault);
    }

    private bool Characters(ref Utf8JsonReader json, int most, bool recurs, out string fault, out string text)
    {
        (fault, text) = ("", "");
        // The longest way to write a character is an escape of six bytes.
        if (json.ValueSpan.Length > 6 * most)
        {
            fault = $"is longer than {most:N0} characters";
            return false;
        }
        if (recurs && !json.ValueIsEscaped && json.ValueSpan.Length <= RecurringTexts.Longest) text = recurring.Get(json.ValueSpan);
        else if (!TryGetString(ref json, out text))
        {
            fault = "holds half a character (a lone surrogate)";
            return false;
        }
        if (text.Length > most) fault = $"is longer than {most:N0} characters";
        else if (text.Contains('\0', StringComparison.Ordinal)) fault = "holds a NUL character";
        return fault.Length == 0;
    }

    // What the reader throws here it throws for lone surrogates alone: the text is known to be valid UTF-8.
    private static bool TryGetString(ref Utf8JsonReader json, out string text)
    {
        try
        {
            text = json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static bool IsNull(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null;

    private bool Refuse(string path, string name, string why) => Refuse(path + name, why);

    /// <summary>Always false; the first reason stands.</summary>
    private bool Refuse(string path, string why)
    {
        draft.Refusal ??= path.Length == 0 ? $"the event {why}" : $"{path} {why}";
        return false;
    }
}
