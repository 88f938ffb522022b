using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Laurel.Bench;

/// <summary>
/// A Redis 7 of its own on the loopback, keeping an append-only file that is flushed each second, as it does by default.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-bench-redis-").FullName;
    private readonly Process process;
    private readonly int port;

    public RedisServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        process = Process.Start(new ProcessStartInfo("redis-server",
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
                "--appendfsync", "everysec", "--save", "", "--daemonize", "no"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("redis-server did not start");
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal)) { }
        _ = process.StandardOutput.ReadToEndAsync();
    }

    public RedisClient Connect() => new(port);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Redis' own protocol, no more than is measured: commands are queued, sent together, and as many answers read.</summary>
internal sealed class RedisClient : IDisposable
{
    private readonly TcpClient client;
    private readonly MemoryStream queued = new();
    private readonly BufferedStream answers;
    private int waiting;

    public RedisClient(int port)
    {
        client = new TcpClient { NoDelay = true };
        client.Connect(IPAddress.Loopback, port);
        answers = new BufferedStream(client.GetStream(), 65_536);
    }

    public RedisClient Queue(params ReadOnlySpan<string> command)
    {
        Line('*', command.Length);
        foreach (var part in command)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            Line('$', bytes.Length);
            queued.Write(bytes);
            queued.Write("\r\n"u8);
        }
        waiting++;
        return this;
    }

    /// <summary>The answers in order: a text, a number, a list, or null.</summary>
    public object?[] Flush()
    {
        client.GetStream().Write(queued.GetBuffer(), 0, (int)queued.Length);
        queued.SetLength(0);
        var all = new object?[waiting];
        for (var i = 0; i < all.Length; i++) all[i] = Answer();
        waiting = 0;
        return all;
    }

    public object? Ask(params ReadOnlySpan<string> command) => Queue(command).Flush()[0];

    public void Dispose() => client.Dispose();

    private void Line(char kind, int number)
    {
        queued.WriteByte((byte)kind);
        queued.Write(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        queued.Write("\r\n"u8);
    }

    private object? Answer()
    {
        var kind = (char)answers.ReadByte();
        var line = Line();
        switch (kind)
        {
            case '+': return line;
            case '-': throw new InvalidOperationException(line);
            case ':': return long.Parse(line, CultureInfo.InvariantCulture);
            case '$':
                var length = int.Parse(line, CultureInfo.InvariantCulture);
                if (length < 0) return null;
                var bytes = new byte[length + 2];
                answers.ReadExactly(bytes);
                return Encoding.UTF8.GetString(bytes, 0, length);
            case '*':
                var count = int.Parse(line, CultureInfo.InvariantCulture);
                if (count < 0) return null;
                var parts = new object?[count];
                for (var i = 0; i < count; i++) parts[i] = Answer();
                return parts;
            default: throw new InvalidOperationException($"'{kind}' begins no answer");
        }
    }

    private string Line()
    {
        var text = new StringBuilder(32);
        for (int c; (c = answers.ReadByte()) != '\r';) text.Append((char)c);
        answers.ReadByte();
        return text.ToString();
    }
}
