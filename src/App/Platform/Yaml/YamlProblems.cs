using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Platform.Yaml;

/// <summary>Something wrong in a YAML file, where its writer finds it. Lines and columns count from 1.</summary>
public sealed record YamlProblem(string File, long Line, long Column, string Message)
{
    /// <summary>What it is about, for who made it of something else than a text.</summary>
    public YamlNode? At { get; init; }

    /// <summary>The message for who says it in another language.</summary>
    public ProblemText Text { get; init; } = Message;

    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>A text of a YAML file and where it stands, for what only others can refuse.</summary>
public sealed record YamlText(string Text, YamlNode At);

/// <summary>All that is wrong in one YAML file: everything is told at once, in the file's order.</summary>
public sealed class YamlProblems(string file)
{
    private const int MaximumLength = 4 << 20;
    private readonly List<YamlProblem> problems = [];

    public bool Any => problems.Count > 0;
    public int Count => problems.Count;
    public void Clear() => problems.Clear();
    public IReadOnlyList<YamlProblem> InOrder() => [.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    public void Add(YamlNode at, string message) => Add(at, (ProblemText)message);

    public void Add(YamlNode at, ProblemText text) =>
        problems.Add(new(file, at.Start.Line, at.Start.Column, text.ToString()) { At = at, Text = text });

    public void Add(Mark at, string message) => problems.Add(new(file, at.Line, at.Column, message));

    /// <summary>The file's one document as a mapping; null with a problem when it is none.</summary>
    public YamlMap? Root(string text)
    {
        if (text.Length > MaximumLength)
        {
            Add(Mark.Empty, "longer than 4 million characters");
            return null;
        }
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        try
        {
            var stream = new YamlStream();
            // Anchors and aliases are refused before anything is built: nothing here needs them, and they can be made to explode.
            stream.Load(new NoAliases(parser));
            switch (stream.Documents)
            {
                case []:
                    Add(Mark.Empty, "the file is empty");
                    return null;
                case [var first]:
                    return Map(first.RootNode, "the file");
                case [_, var second, ..]:
                    Add(second.RootNode, "a second document; one file holds one");
                    return null;
            }
        }
        catch (YamlException broken)
        {
            Add(broken.Start, broken.InnerException?.Message ?? broken.Message);
        }
        catch (Exception confused) when (confused is InvalidOperationException or ArgumentException)
        {
            // The scanner loses its way in some broken texts instead of naming their problem.
            Add(parser.Current?.End ?? Mark.Empty, "what follows cannot be read: look for a wrong indent, or a bracket or brace left open");
        }
        return null;
    }

    public YamlMap? Map(YamlNode node, string what)
    {
        if (node is YamlMappingNode map) return YamlMap.Of(map, this);
        Add(node, $"{what} must be keys with values, not {Kind(node)}");
        return null;
    }

    public IReadOnlyList<YamlNode> List(YamlNode node, string what)
    {
        if (node is YamlSequenceNode list) return [.. list.Children];
        Add(node, $"{what} must be a list, not {Kind(node)}");
        return [];
    }

    /// <summary>A text or number; null with a problem when it is neither or empty.</summary>
    public string? Text(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { } text } scalar && (text.Length > 0 || scalar.Style is not ScalarStyle.Plain)) return text;
        Add(node, $"{what} must be a text, not {Kind(node)}");
        return null;
    }

    /// <summary>One text, or a list of texts.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string what) => [.. TextsAt(node, what).Select(t => t.Text)];

    public IReadOnlyList<YamlText> TextsAt(YamlNode node, string what) =>
        [.. (node is YamlSequenceNode list ? list.Children : [node])
            .Select(each => Text(each, what) is { } text ? new YamlText(text, each) : null).OfType<YamlText>()];

    public bool? Flag(YamlNode node, string what)
    {
        switch ((node as YamlScalarNode)?.Value)
        {
            case "true" or "yes": return true;
            case "false" or "no": return false;
        }
        Add(node, $"{what} must be true or false");
        return null;
    }

    public static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "keys with values",
        YamlSequenceNode => "a list",
        YamlScalarNode { Value: null or "" } => "nothing",
        _ => "a text",
    };

    private sealed class NoAliases(IParser parser) : IParser
    {
        public YamlDotNet.Core.Events.ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            var more = parser.MoveNext();
            if (parser.Current is YamlDotNet.Core.Events.AnchorAlias alias)
                throw new YamlException(alias.Start, alias.End, "aliases (*name) are not supported: write it out");
            return more;
        }
    }
}
