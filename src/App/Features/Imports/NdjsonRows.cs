using System.Text.Json;

namespace Laurel.App.Features.Imports;

/// <summary>The rows of a file with one JSON object a line. A column is a key; <c>a.b</c> is key b of the object under key a.</summary>
internal sealed class NdjsonRows(Lines lines, IReadOnlyList<string> inputs, Func<string, string?> given) : Rows
{
    private readonly string[][] paths = [.. inputs.Select(name => name.Split('.'))];
    private bool begun;

    public override bool Next(out Row row)
    {
        row = default;
        Line line;
        do
        {
            if (!lines.Next(out line))
                return begun ? false : throw new FileRefused(1, "the file is empty");
        }
        while (line.Text is { } text && string.IsNullOrWhiteSpace(text));
        if (!begun && line.Text?.TrimStart() is ['[', ..])
            throw new FileRefused(line.Number, "a JSON array: NDJSON has one object on each line");
        begun = true;
        row = line.Text is null ? new(line.Number, "", null, line.Problem) : Read(line.Number, line.Text);
        return true;
    }

    private Row Read(long number, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind is not JsonValueKind.Object) return new(number, text, null, "not a JSON object");
            var cells = new string?[inputs.Count];
            for (var i = 0; i < cells.Length; i++) cells[i] = Text(document.RootElement, inputs[i], paths[i]) ?? given(inputs[i]);
            return new(number, text, cells, null);
        }
        catch (JsonException wrong)
        {
            return new(number, text, null, $"not well-formed JSON at column {wrong.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            return new(number, text, null, "a text of the JSON holds half of a surrogate pair");
        }
    }

    private static string? Text(JsonElement root, string name, string[] path)
    {
        if (!root.TryGetProperty(name, out var value))
        {
            value = root;
            foreach (var key in path)
                if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty(key, out value)) return null;
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }
}
