using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Laurel.Browser.Tests.Platform;

/// <summary>
/// A way to the application that can be cut: what goes over it breaks off, and nobody gets through until it is mended. A browser that is
/// only told to be offline keeps the streams that it has.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> open = new();
    private readonly Uri target;
    private readonly Task listening;
    private volatile bool isCut;

    public Wire(Uri target)
    {
        this.target = target;
        listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listening = Listen();
    }

    public Uri Address { get; }

    public void Cut()
    {
        isCut = true;
        foreach (var client in open.Keys) client.Close();
    }

    public void Mend() => isCut = false;

    private async Task Listen()
    {
        while (true)
        {
            TcpClient near;
            try
            {
                near = await listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Carry(near);
        }
    }

    private async Task Carry(TcpClient near)
    {
        using var far = new TcpClient();
        open[near] = open[far] = 0;
        try
        {
            if (isCut) return;
            await far.ConnectAsync(target.Host, target.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or hung up: both ends are closed below.
        }
        finally
        {
            near.Close();
            open.TryRemove(near, out _);
            open.TryRemove(far, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        listener.Stop();
        await listening;
    }
}
