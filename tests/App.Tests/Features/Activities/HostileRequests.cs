using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>
/// Requests that nobody means well, the same for the same seed. The canary is in all that is sent, and no log may show it.
/// </summary>
internal sealed class HostileRequests(Random random, int worker)
{
    public const string Canary = "kanarynas-7f3a";
    private static readonly string[] Types =
    [
        "application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson",
        "application/ndjson",
    ];
    private int made;

    private delegate byte[] Kind(HostileRequests from);

    private static readonly Kind[] Kinds =
    [
        from => from.Damaged(from.Event()),
        from => from.Damaged(from.Batch()),
        from => from.Damaged(from.Lines()),
        from => Bytes(from.Deep()),
        from => Bytes(from.EventWith(from.Number())),
        from => Bytes(from.EventWith(from.Odd())),
        from => Bytes(from.WrongType()),
        from => Bytes(from.Twice()),
        from => Bytes(from.Many()),
        from => from.Noise(),
        from => Bytes(from.Event()),
    ];

    public HttpRequestMessage Next(string address)
    {
        var body = Pick(Kinds)(this);
        var packed = random.Next(8) == 0;
        if (packed) body = random.Next(3) == 0 ? body : random.Next(2) == 0 ? Gzip(body) : Damaged(Gzip(body));
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = random.Next(8) == 0;
        if (packed) request.Content.Headers.ContentEncoding.Add(random.Next(10) == 0 ? "br" : "gzip");
        request.Content.Headers.ContentType = random.Next(20) switch
        {
            0 => null,
            1 => new MediaTypeHeaderValue("text/plain"),
            2 => MediaTypeHeaderValue.Parse("application/json; charset=utf-16"),
            _ => new MediaTypeHeaderValue(Pick(Types)),
        };
        if (random.Next(10) == 0) Headers(request.Headers);
        return request;
    }

    /// <summary>Larger than a body may be: plain, or small and enormous inside.</summary>
    public HttpRequestMessage Oversized(string address)
    {
        var packed = random.Next(2) == 0;
        var body = Encoding.UTF8.GetBytes("[" + Event() + new string(' ', 17 << 20) + "]");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(packed ? Gzip(body) : body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Pick(Types));
        if (packed) request.Content.Headers.ContentEncoding.Add("gzip");
        return request;
    }

    private string Event() =>
        $"{{\"specversion\":\"1.0\",\"id\":\"h-{worker}-{made++}\",\"source\":\"{Canary}\",\"type\":\"call-answered\","
        + $"\"time\":\"2026-03-02T09:30:00Z\",\"data\":{{\"person\":\"{Pick("avi", "avi", Canary)}\","
        + $"\"measures\":{{\"talk\":{random.Next(1000)}}},\"labels\":{{\"kind\":\"{Canary}\"}}}}}}";

    private string Batch() => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Event()))}]";
    private string Lines() => string.Join('\n', Enumerable.Range(0, random.Next(5)).Select(_ => Event()));

    private string EventWith(string value) => random.Next(4) switch
    {
        0 => Event().Replace("\"data\":", $"\"{Canary}\":{value},\"data\":", StringComparison.Ordinal),
        1 => Event().Replace("\"talk\":", $"\"wait\":{value},\"talk\":", StringComparison.Ordinal),
        2 => Event().Replace("\"labels\":{", $"\"labels\":{{\"{Canary}\":{value},", StringComparison.Ordinal),
        _ => $"[{Event()},{value},{Event()}]",
    };

    private string Number() => random.Next(8) switch
    {
        0 => new string('9', random.Next(1, 5000)),
        1 => $"1e{random.Next(-100_000, 100_000)}",
        2 => $"-0.{new string('0', random.Next(400))}1",
        3 => "NaN",
        4 => "-Infinity",
        5 => "9223372036854775808",
        6 => "0x10",
        _ => $"{random.NextDouble() * 1e12:R}",
    };

    private string Odd()
    {
        var text = new StringBuilder("\"");
        for (var i = random.Next(1, 40); i > 0; i--)
            text.Append(Pick(
                "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\u202E", "\uFEFF", "é", "e\u0301", "\\u2028", "%00", "\\\\", Canary));
        return text.Append('"').ToString();
    }

    private string Deep()
    {
        var depth = random.Next(1, 20_000);
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var end = random.Next(3) == 0 ? "" : string.Concat(Enumerable.Repeat(close, depth));
        var deep = string.Concat(Enumerable.Repeat(open, depth)) + "1" + end;
        return random.Next(2) == 0 ? deep : EventWith(deep);
    }

    private string WrongType()
    {
        var member = Pick("specversion", "id", "source", "type", "time", "data", "person", "measures", "labels", "talk", "kind");
        var value = Pick("null", "true", "[]", "{}", "7", "\"\"", $"[\"{Canary}\"]", $"{{\"{Canary}\":[{{}}]}}", "-1.5e3");
        var json = Event();
        var at = json.IndexOf($"\"{member}\":", StringComparison.Ordinal);
        return $"{json[..at]}\"{member}\":{value},\"was-{json[(at + 1)..]}";
    }

    private string Twice()
    {
        var json = Event();
        var member = Pick("id", "source", "time", "data", "person", "talk", "kind");
        var at = json.IndexOf($"\"{member}\":", StringComparison.Ordinal);
        return $"{json[..at]}\"{(random.Next(2) == 0 ? member : $"\\u{(int)member[0]:x4}{member[1..]}")}\":1,{json[at..]}";
    }

    private string Many() => random.Next(3) switch
    {
        0 => $"[{string.Join(',', Enumerable.Repeat(Pick("{}", "0", "[]", "\"\""), random.Next(2000)))}]",
        1 => "{" + string.Join(',', Enumerable.Range(0, random.Next(2000)).Select(i => $"\"{Canary}{i}\":{i}")) + "}",
        _ => EventWith("{" + string.Join(',', Enumerable.Range(0, random.Next(200)).Select(i => $"\"m{i}\":{i}")) + "}"),
    };

    private byte[] Noise()
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return [.. bytes, .. Encoding.UTF8.GetBytes(Canary)];
    }

    private byte[] Damaged(string text) => Damaged(Bytes(text));

    private byte[] Damaged(byte[] bytes)
    {
        for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            var at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[(at + 1)..]],
                2 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], .. bytes[(at / 2)..]],
            };
        }
        return bytes;
    }

    private void Headers(HttpRequestHeaders headers)
    {
        foreach (var name in new[] { "specversion", "id", "source", "type", "time", "subject", "version", "void", "data", "x" })
            if (random.Next(4) > 0)
                headers.TryAddWithoutValidation($"ce-{name}", Pick(
                    "1.0", $"h-{worker}-{made++}", Canary, "call-answered", "2026-03-02T09:30:00Z", "", "%ff%00", "%ED%A0%80", "true"));
    }

    private T Pick<T>(params T[] of) => of[random.Next(of.Length)];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
