using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Platform.Yaml;

/// <summary>Keys and values of a YAML file with their places. What is asked for in vain is a problem, never an exception.</summary>
public sealed class YamlMap
{
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> misspelt = new(StringComparer.Ordinal);

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
                var near = Suggestion.For(name, known.Where(k => !Has(k)));
                if (near is not null) misspelt.Add(near);
                var hint = near is not null ? $"did you mean '{near}'?" : "known here: " + string.Join(", ", known);
                Problems.Add(key, $"unknown key '{name}' ({hint})");
            }
        return this;
    }

    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>Neither there nor, as <see cref="Only"/> has said already, meant by another key.</summary>
    public bool Lacks(string key) => !Has(key) && !misspelt.Contains(key);

    /// <summary>It stands here under a wrong name.</summary>
    public bool Misspells(string key) => misspelt.Contains(key);
    public YamlNode? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Null where the key is not there, or with a problem where it is no text.</summary>
    public string? Text(string key) => this[key] is { } node ? Problems.Text(node, $"'{key}'") : null;

    public string? NeededText(string key)
    {
        if (Lacks(key)) Problems.Add(Node, $"'{key}' is missing");
        return Text(key);
    }

    /// <summary>One text, or a list of texts, each with its place.</summary>
    public IReadOnlyList<YamlText> TextsAt(string key) => this[key] is { } node ? Problems.TextsAt(node, $"'{key}'") : [];
    public YamlText? TextAt(string key) => Text(key) is { } text ? new(text, this[key]!) : null;
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
