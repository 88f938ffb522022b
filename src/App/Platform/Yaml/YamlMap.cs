using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Platform.Yaml;

/// <summary>Keys and values of a YAML file with their places. What is asked for in vain is a problem, never an exception.</summary>
public sealed class YamlMap
{
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);

    private YamlMap(YamlMappingNode node, YamlProblems problems)
    {
        Node = node;
        Problems = problems;
    }

    public YamlMappingNode Node { get; }
    public YamlProblems Problems { get; }
    /// <summary>In the file's order.</summary>
    public List<(YamlScalarNode Key, string Name, YamlNode Value)> Entries { get; } = [];

    internal static YamlMap Of(YamlMappingNode node, YamlProblems problems)
    {
        var map = new YamlMap(node, problems);
        foreach (var (key, value) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
            {
                problems.Add(key, "a key must be a text");
                continue;
            }
            map.values[name] = value;
            map.Entries.Add((scalar, name, value));
        }
        return map;
    }

    /// <summary>Refuses every other key.</summary>
    public YamlMap Only(params string[] known)
    {
        foreach (var (key, name, _) in Entries)
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                var hint = Suggestion.For(name, known) is { } near
                    ? $"did you mean '{near}'?"
                    : "known here: " + string.Join(", ", known);
                Problems.Add(key, $"unknown key '{name}' ({hint})");
            }
        return this;
    }

    public bool Has(string key) => values.ContainsKey(key);
    public YamlNode? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Null where the key is not there, or with a problem where it is no text.</summary>
    public string? Text(string key) => this[key] is { } node ? Problems.Text(node, $"'{key}'") : null;

    public string? NeededText(string key)
    {
        if (Has(key)) return Text(key);
        Problems.Add(Node, $"'{key}' is missing");
        return null;
    }

    public IReadOnlyList<string> Texts(string key) => this[key] is { } node ? Problems.Texts(node, $"'{key}'") : [];
    public IReadOnlyList<YamlNode> List(string key) => this[key] is { } node ? Problems.List(node, $"'{key}'") : [];
    public YamlMap? Map(string key) => this[key] is { } node ? Problems.Map(node, $"'{key}'") : null;
    public bool Flag(string key, bool otherwise) => this[key] is { } node ? Problems.Flag(node, $"'{key}'") ?? otherwise : otherwise;

    public int? Whole(string key)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        Problems.Add(this[key]!, $"'{key}' must be a whole number, not '{text}'");
        return null;
    }

    public decimal? Number(string key)
    {
        if (Text(key) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        Problems.Add(this[key]!, $"'{key}' must be a number, not '{text}'");
        return null;
    }

    /// <summary>One of the given words; null where the key is not there or, with a problem, is another.</summary>
    public T? OneOf<T>(string key, params (string Word, T Value)[] words) where T : struct
    {
        if (Text(key) is not { } text) return null;
        foreach (var (word, value) in words)
            if (string.Equals(word, text, StringComparison.Ordinal)) return value;
        Problems.Add(this[key]!, $"'{key}' must be {string.Join(", ", words.Select(w => w.Word))}, not '{text}'");
        return null;
    }
}
