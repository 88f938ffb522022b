using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Activities;

/// <summary>What an activity carries besides who, what and when, as it is stored: measures in thousandths.</summary>
public sealed record ActivityBody(
    IReadOnlyList<Measure> Measures, IReadOnlyList<Label> Labels, string? Project, string? Contact)
{
    /// <summary>
    /// Stands in place of a content where an undone import was all that had been said: any content of the same version counts again.
    /// </summary>
    public const long Undone = 0;

    /// <summary>One per thread: every activity that comes in is written and fingerprinted.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? scratch;

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) Scratch()
    {
        if (scratch is not { } ready)
        {
            var bytes = new ArrayBufferWriter<byte>(1_024);
            scratch = ready = (bytes, new Utf8JsonWriter(bytes));
        }
        ready.Bytes.ResetWrittenCount();
        return ready;
    }

    /// <summary>Compact JSON; absent parts are left out.</summary>
    public static string Write(IncomingActivity activity)
    {
        var (buffer, json) = Scratch();
        json.Reset(buffer);
        json.WriteStartObject();
        if (activity.Measures.Count > 0)
        {
            json.WriteStartObject("m");
            for (var i = 0; i < activity.Measures.Count; i++)
                json.WriteNumber(activity.Measures[i].Name, activity.Measures[i].Amount.Thousandths);
            json.WriteEndObject();
        }
        if (activity.Labels.Count > 0)
        {
            json.WriteStartObject("l");
            for (var i = 0; i < activity.Labels.Count; i++) json.WriteString(activity.Labels[i].Name, activity.Labels[i].Text);
            json.WriteEndObject();
        }
        if (activity.Project is { } project) json.WriteString("p", project);
        if (activity.Contact is { } contact) json.WriteString("c", contact);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ActivityBody Read(string stored)
    {
        var measures = new List<Measure>();
        var labels = new List<Label>();
        string? project = null, contact = null;
        using var document = JsonDocument.Parse(stored);
        foreach (var part in document.RootElement.EnumerateObject())
            switch (part.Name)
            {
                case "m":
                    foreach (var m in part.Value.EnumerateObject()) measures.Add(new(m.Name, new Amount(m.Value.GetInt64())));
                    break;
                case "l":
                    foreach (var l in part.Value.EnumerateObject()) labels.Add(new(l.Name, l.Value.GetString()!));
                    break;
                case "p": project = part.Value.GetString(); break;
                case "c": contact = part.Value.GetString(); break;
            }
        return new(measures, labels, project, contact);
    }

    /// <summary>
    /// Tells content apart for one identity and version: the first eight bytes of SHA-256 over everything that counts. Measures
    /// and labels are taken in the order of their names, so that a sender may write them in any.
    /// </summary>
    public static long Fingerprint(IncomingActivity activity)
    {
        var (text, _) = Scratch();
        Part(text, activity.Type);
        Part(text, activity.Person);
        Part(text, activity.Team);
        Number(text, activity.At);
        text.Write(activity.IsVoid ? "v"u8 : " "u8);
        foreach (var measure in ByName(activity.Measures, m => m.Name))
        {
            Part(text, measure.Name);
            Number(text, measure.Amount.Thousandths);
        }
        text.Write("|"u8);
        foreach (var label in ByName(activity.Labels, l => l.Name))
        {
            Part(text, label.Name);
            Part(text, label.Text);
        }
        Part(text, activity.Project);
        Part(text, activity.Contact);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return BitConverter.ToInt64(hash) is var content and not Undone ? content : 1;
    }

    private static IEnumerable<T> ByName<T>(IReadOnlyList<T> parts, Func<T, string> name) =>
        parts.Count > 1 ? parts.OrderBy(name, StringComparer.Ordinal) : parts;

    /// <summary>The length before each text keeps neighbours apart: "ab","c" is not "a","bc".</summary>
    private static void Part(ArrayBufferWriter<byte> text, string? value)
    {
        if (value is null)
        {
            text.Write("-"u8);
            return;
        }
        Number(text, value.Length);
        text.Write(":"u8);
        Encoding.UTF8.GetBytes(value, text);
    }

    private static void Number(ArrayBufferWriter<byte> text, long number)
    {
        Utf8Formatter.TryFormat(number, text.GetSpan(20), out var written);
        text.Advance(written);
    }
}
