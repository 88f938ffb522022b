using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Laurel.App.Features.Activities;

/// <summary>
/// The binary mode of CloudEvents over HTTP: attributes are headers (ce-id ...), the body is the data. It is written as one JSON
/// event, so that a single reader holds all rules; a header that is given twice becomes a member that is given twice.
/// </summary>
internal static class BinaryMode
{
    private const string Prefix = "ce-";

    public static bool IsUsedBy(HttpRequest request) => request.Headers.ContainsKey("ce-specversion");

    /// <exception cref="JsonException">The data is not well-formed.</exception>
    public static ReadOnlyMemory<byte> ToEvent(IHeaderDictionary headers, ReadOnlySpan<byte> data)
    {
        var text = new ArrayBufferWriter<byte>(1024 + data.Length);
        using var json = new Utf8JsonWriter(text, new() { SkipValidation = true });
        json.WriteStartObject();
        foreach (var (header, values) in headers)
            if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                Attributes(json, header[Prefix.Length..].ToLowerInvariant(), values);
        if (data.Length > 0)
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data);
        }
        json.WriteEndObject();
        json.Flush();
        return text.WrittenMemory;
    }

    private static void Attributes(Utf8JsonWriter json, string name, StringValues values)
    {
        foreach (var value in values)
        {
            // Anything outside printable ASCII is percent-encoded in a header.
            var text = Uri.UnescapeDataString(value ?? "");
            if (name is "version" && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                json.WriteNumber(name, version);
            else if (name is "void" && text is "true" or "false") json.WriteBoolean(name, text is "true");
            else json.WriteString(name, text);
        }
    }
}
