using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Laurel.App.Tests.Platform;

/// <summary>Keeps what an application logs, so that a test can look whether it tells too much, or of a defect.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Lines of defects; what passes by itself is a warning.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{formatter(state, exception)} {exception}";
        Lines.Enqueue(line);
        if (logLevel >= LogLevel.Error) Errors.Enqueue(line);
    }

    public void Dispose() { }
}
