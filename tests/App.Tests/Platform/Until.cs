using System.Diagnostics;

namespace Laurel.App.Tests.Platform;

/// <summary>Waits for what happens by itself, and not longer than it takes.</summary>
internal static class Until
{
    public static Task IsTrue(string what, Func<bool> condition) => IsTrue(what, () => Task.FromResult(condition()));

    public static async Task IsTrue(string what, Func<Task<bool>> condition)
    {
        var began = Stopwatch.StartNew();
        while (!await condition())
        {
            if (began.Elapsed > TimeSpan.FromSeconds(90)) throw new TimeoutException($"In 90 seconds not: {what}.");
            await Task.Delay(50);
        }
    }
}
