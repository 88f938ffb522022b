using System.Buffers;
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
    /// <summary>Compact JSON; absent parts are left out.</summary>
    public static string Write(IncomingActivity activity)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (activity.Measures.Count > 0)
            {
                json.WriteStartObject("m");
                foreach (var measure in activity.Measures) json.WriteNumber(measure.Name, measure.Amount.Thousandths);
                json.WriteEndObject();
            }
            if (activity.Labels.Count > 0)
            {
                json.WriteStartObject("l");
                foreach (var label in activity.Labels) json.WriteString(label.Name, label.Text);
                json.WriteEndObject();
            }
            if (activity.Project is { } project) json.WriteString("p", project);
            if (activity.Contact is { } contact) json.WriteString("c", contact);
            json.WriteEndObject();
        }
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
        var text = new StringBuilder(256);
        Part(activity.Type);
        Part(activity.Person);
        Part(activity.Team);
        text.Append(activity.At).Append(activity.IsVoid ? 'v' : ' ');
        foreach (var measure in activity.Measures.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            Part(measure.Name);
            text.Append(measure.Amount.Thousandths);
        }
        text.Append('|');
        foreach (var label in activity.Labels.OrderBy(l => l.Name, StringComparer.Ordinal))
        {
            Part(label.Name);
            Part(label.Text);
        }
        Part(activity.Project);
        Part(activity.Contact);
        return BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        // The length before each text keeps neighbours apart: "ab","c" is not "a","bc".
        void Part(string? value)
        {
            if (value is null) text.Append('-');
            else text.Append(value.Length).Append(':').Append(value);
        }
    }
}
