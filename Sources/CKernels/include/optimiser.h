#pragma once
#include <stddef.h>

// One AdamW step: m and v are the moments; decay = 1 - lr * weight decay; step = lr / (1 - beta1^t);
// correction = 1 / sqrt(1 - beta2^t).
void kernel_adamw(
    float *weights, float *m, float *v, const float *gradient, ptrdiff_t count, float decay, float step,
    float correction, float beta1, float beta2, float epsilon);

// One SGD step with momentum: velocity = momentum * velocity + gradient + decay * weight (velocity may be null), along
// which the weights move, or along gradient + momentum * velocity (Nesterov).
void kernel_sgd(
    float *weights, float *velocity, const float *gradient, ptrdiff_t count, float rate, float momentum, float decay,
    int nesterov);
